import { compact } from '../../src/domain/prompt/compact';
import { planStep } from '../../src/domain/curriculum/step-plan';
import { taskId } from '../../src/domain/task/task';
import { TaskBuffer, type NewTask } from '../../src/domain/curriculum/task-buffer';
import type { Rollout } from '../../src/selfplay/episode';
import { planSettings } from '../../src/selfplay/plan-settings';
import { resultOf } from '../../src/selfplay/step-result';
import { StepPlayer } from '../../src/selfplay/step-player';
import { ProposalValidator } from '../../src/verifier/proposal-validator';
import { AnswerScorer } from '../../src/verifier/score-answer';
import { ScriptedExecutor } from './scripted-executor';
import { ScriptedPool, type ScriptedAnswer } from './scripted-pool';
import { specWith } from './specs';

/** What the scripted policy says, by the key of the request; samples of one key in order, the last one again. */
export type Script = Record<string, ScriptedAnswer[]>;

/** With the identity that the scripted executor gives it. */
function triplet(type: 'deduction' | 'abduction', n: number): NewTask {
  const program = `def f(x): return x+${n}`;
  const id = taskId(type, program.replaceAll(' ', ''), ['1']);
  const namelessId = taskId(type, program.replaceAll('x', '$').replaceAll(' ', ''), ['1']);
  return { id, namelessId, type, program, input: '1', output: String(1 + n), solveRate: null };
}

/** A buffer that holds one task of deduction and one of abduction. */
export const SEEDS = (() => {
  const empty = new TaskBuffer(0, [], 100);
  return empty.apply(0, empty.plan(0, [triplet('deduction', 100), triplet('abduction', 200)]));
})();

/** Rollouts of a step that are there already, and those that are added to them. */
export class MemoryLedger {
  readonly stored: Rollout[] = [];
  private readonly known: Map<string, Rollout>;

  constructor(landed: readonly Rollout[] = []) {
    this.known = new Map(landed.map((rollout) => [rollout.key, rollout]));
  }

  get(key: string): Rollout | undefined {
    return this.known.get(key);
  }

  put(rollout: Rollout): Promise<void> {
    return Promise.resolve(void this.stored.push(rollout));
  }
}

export const scriptedPool = (script: Script): ScriptedPool =>
  new ScriptedPool(({ key }, i) => {
    const answers = script[key] ?? script[key.replace(/\/\d+$/, '')];
    if (!answers) throw new Error(`the script has nothing for ${key}`);
    return answers[Math.min(i, answers.length - 1)]!;
  });

/** The first step of a run of the embedded preset with some settings changed, played by a script. */
export function scriptedStep(sets: readonly string[], script: Script, buffer = SEEDS) {
  const spec = specWith(...sets);
  const plan = planStep(1, 0, buffer, planSettings(spec));
  const executor = new ScriptedExecutor();
  const verifiers = {
    validator: new ProposalValidator(executor, compact, spec),
    scorer: new AnswerScorer(executor, compact, spec),
  };
  const play = (pool = scriptedPool(script), ledger = new MemoryLedger()) =>
    new StepPlayer(spec, pool, verifiers).play(plan, buffer, ledger);
  return {
    spec,
    plan,
    play,
    async result(pool = scriptedPool(script)) {
      const played = await play(pool);
      return { played, requests: pool.requests, ...resultOf('run', plan, played, buffer, spec) };
    },
  };
}
