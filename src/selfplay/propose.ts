import type { RunSpec } from '../config/run-spec';
import type { ProposalPlan } from '../domain/curriculum/step-plan';
import type { BufferedTask, TaskBuffer } from '../domain/curriculum/task-buffer';
import { PromptTooLong } from '../domain/errors';
import type { PromptFormat, ProposalRules, ProposerView } from '../domain/prompt';
import type { Task, Triplet } from '../domain/task/task';
import type { Validation } from '../domain/task/verdict';
import { ALWAYS_BANNED } from '../verifier/ban-policy';
import type { ProposalValidator, ValidationOptions } from '../verifier/proposal-validator';
import type { Rollout } from './episode';
import type { RolloutPool } from './ports';
import { responseOf, type Sampler } from './sampler';

/** A proposal and what became of it. */
export interface Proposed {
  plan: ProposalPlan;
  rollout: Rollout;
  /** Programs that the proposer was shown. */
  shown: string[];
  validation: Validation;
}

/** The proposer's turn: shows references, reads the response, has it validated (AZR Algorithm 1, lines 5 to 11). */
export class Proposer {
  constructor(
    private readonly spec: RunSpec,
    private readonly format: PromptFormat,
    private readonly pool: RolloutPool,
    private readonly validator: ProposalValidator,
    private readonly options?: ValidationOptions,
  ) {}

  /** @returns undefined where the program of an induction proposal leaves no room for a response */
  async propose(plan: ProposalPlan, buffer: TaskBuffer, sampler: Sampler): Promise<Proposed | undefined> {
    const references = plan.references.map((id) => buffer.get(id)!);
    const sampled = await this.sample(plan, await this.withinBudget(references), sampler);
    if (!sampled) return undefined;
    const { rollout, view } = sampled;
    const response = responseOf(rollout.completions[0]!);
    const validation = await this.validator.validateResponse(view, response, (id) => buffer.knows(id), this.options);
    return { plan, rollout, shown: shownPrograms(view), validation };
  }

  /** Shows as many of the references as leave room for a response, in the plan's order. */
  private async sample(
    { type, index, seed }: ProposalPlan,
    references: BufferedTask[],
    sampler: Sampler,
  ): Promise<{ rollout: Rollout; view: ProposerView } | undefined> {
    for (let shown = references; ; shown = shown.slice(0, -1)) {
      const view = proposerView(type, shown, this.spec);
      const prompt = this.format.renderProposer(view);
      try {
        return { rollout: await sampler.sample({ key: `propose/${index}`, prompt, samples: 1, seed }), view };
      } catch (error) {
        if (!(error instanceof PromptTooLong) || shown.length === 0) throw error;
        if (type === 'induction') return undefined;
      }
    }
  }

  /** The first references whose tokens add up to `proposer.referenceTokens` at most, and always one. */
  private async withinBudget(references: BufferedTask[]): Promise<BufferedTask[]> {
    const budget = this.spec.proposer.referenceTokens;
    if (budget === 0 || references.length < 2) return references;
    const lengths = await Promise.all(references.map((it) => this.pool.measure(contentOf(it))));
    let spent = 0;
    const firstOver = lengths.findIndex(({ tokens }) => (spent += tokens) > budget);
    return firstOver < 0 ? references : references.slice(0, Math.max(1, firstOver));
  }
}

/** What a proposer of `type` is shown: references, or for induction the first one's program. */
export function proposerView(type: ProposalPlan['type'], references: readonly Task[], spec: RunSpec): ProposerView {
  const rules = rulesOf(spec);
  if (type !== 'induction') return { type, references: references.flatMap(tripletOf), rules };
  const [shown] = references;
  if (!shown) throw new Error('an induction proposal without a program was planned');
  return { type, program: shown.program, inputs: spec.tasks.inductionInputs, rules };
}

const tripletOf = (task: Task): Triplet[] =>
  task.type === 'induction' ? [] : [{ program: task.program, input: task.input, output: task.output }];

const rulesOf = ({ tasks, executor }: RunSpec): ProposalRules => ({
  banned: [...new Set([...tasks.banned, ...ALWAYS_BANNED])],
  bannedKeywords: tasks.bannedErrorKeywords,
  timeoutSeconds: executor.timeoutMs / 1_000,
});

const shownPrograms = (view: ProposerView): string[] =>
  view.type === 'induction' ? [view.program] : view.references.map(({ program }) => program);

const contentOf = (task: BufferedTask): string =>
  [task.program, ...tripletOf(task).flatMap(({ input, output }) => [input, output])].join('\n');
