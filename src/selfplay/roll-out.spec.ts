import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { ScriptedPool, type ScriptedAnswer } from '../../test/support/scripted-pool';
import { specWith } from '../../test/support/specs';
import { PromptTooLong } from '../domain/errors';
import { compact } from '../domain/prompt/compact';
import { planStep } from '../domain/curriculum/step-plan';
import { TaskBuffer } from '../domain/curriculum/task-buffer';
import { ProposalValidator } from '../verifier/proposal-validator';
import type { Rollout } from './episode';
import { episodesOf } from './episodes';
import { RollOut } from './roll-out';
import { outcomeOf, validTasks } from './step-outcome';
import { trainBatchOf } from './train-batch';

const spec = specWith('proposer.proposalsPerType=6', 'solver.samples=4', 'proposer.references=1');
const seed = { id: 'seed', type: 'deduction' as const, program: 'def f(x): return x', input: '1', output: '1' };
const empty = new TaskBuffer(0, [], 100);
const buffer = empty.apply(0, empty.plan(0, [seed]));
const plan = planStep(1, 0, buffer, { seed: 0, types: ['deduction'], proposalsPerType: 6, references: 1 });
const validator = new ProposalValidator(new ScriptedExecutor(), compact, spec.executor);

const adds = (n: number, x: number) => `</think>def f(x): return x+${n}<in>${x}`;
const PROPOSALS: ScriptedAnswer[] = [
  { text: adds(1, 1) }, // half of the samples are right
  { text: adds(2, 1) }, // all are right
  { text: adds(3, 1) }, // none is right: wrong, no value, malformed, cut off
  { text: adds(1, 1) }, // repeats the first
  { text: '</think>def f(x?): return x<in>1' }, // does not compile
  { text: 'no answer' }, // malformed
];
const SAMPLES: Record<string, ScriptedAnswer[]> = {
  'solve/0': [{ text: '</think>2' }, { text: '</think>3' }, { text: '</think>2' }, { text: '</think>0' }],
  'solve/1': [{ text: '</think>3' }, { text: '</think>3' }, { text: '</think>3' }, { text: '</think>3' }],
  'solve/2': [{ text: '</think>0' }, { text: '</think>x' }, { text: '4' }, { text: '</think>4', finished: false }],
  'solve/3': [{ text: '</think>2' }, { text: '</think>2' }, { text: '</think>2' }, { text: '</think>2' }],
};
const script = () =>
  new ScriptedPool(({ key }, i) => (key.startsWith('propose/') ? PROPOSALS[Number(key.slice(8))]! : SAMPLES[key]![i]!));

const ledgerOf = (landed: Rollout[] = []) => {
  const known = new Map(landed.map((rollout) => [rollout.key, rollout]));
  const put: Rollout[] = [];
  return {
    put: (rollout: Rollout) => Promise.resolve(void put.push(rollout)),
    get: (key: string) => known.get(key),
    stored: put,
  };
};

const play = (pool = script(), ledger = ledgerOf()) => new RollOut(spec, pool, validator).play(plan, buffer, ledger);

describe('a step through every branch', () => {
  it('earns each proposal what Eq. 4 and 6 say', async () => {
    const episodes = episodesOf(await play(), spec);
    const proposals = episodes.filter(({ role }) => role === 'proposer');
    expect(proposals.map(({ outcome, reason, reward }) => [outcome, reason, reward])).toEqual([
      ['accepted', undefined, 0.5],
      ['accepted', undefined, 0],
      ['accepted', undefined, 0],
      ['rejected', 'duplicate', -1],
      ['rejected', 'syntax_error', -1],
      ['malformed', 'malformed', -1],
    ]);
  });

  it('earns each sample what Eq. 5 and 6 say, and every sample counts', async () => {
    const episodes = episodesOf(await play(), spec).filter(({ role }) => role === 'solver');
    const rewardsOf = (key: string) => episodes.filter((it) => it.key.startsWith(`${key}/`)).map((it) => it.reward);
    expect(rewardsOf('solve/0')).toEqual([1, -0.5, 1, -0.5]);
    expect(rewardsOf('solve/1')).toEqual([1, 1, 1, 1]);
    expect(rewardsOf('solve/2')).toEqual([-0.5, -0.5, -1, -1]);
    expect(episodes).toHaveLength(16);
  });

  it('admits the valid tasks once, and counts what became of the rest', async () => {
    const attempts = await play();
    const { admitted } = buffer.plan(1, validTasks(attempts));
    expect(admitted.map(({ program }) => program)).toEqual([1, 2, 3].map((n) => `def f(x): return x+${n}`));
    const episodes = episodesOf(attempts, spec);
    const outcome = outcomeOf(episodes, admitted, trainBatchOf('run', plan, episodes, spec));
    expect(outcome).toMatchObject({
      tasks: { deduction: { proposed: 6, valid: 3, admitted: 3 } },
      solveRate: { deduction: { solved: 10, samples: 16 } },
      rewards: { proposer: { deduction: -2.5 / 6 }, solver: { deduction: (10 - 0.5 * 4 - 2) / 16 } },
      rejections: { duplicate: 1, syntax_error: 1, malformed: 1 },
      sequencesGenerated: 22,
      sequencesTrained: 22,
    });
  });

  it('puts every episode into the batch once, with its role’s loss weight', async () => {
    const episodes = episodesOf(await play(), spec);
    const batch = trainBatchOf('run', plan, episodes, spec);
    expect(batch).toMatchObject({ id: 'run/1', policyVersion: 0 });
    const { advantages, lossWeights, responseLengths } = batch.sequences;
    expect(advantages).toHaveLength(22);
    expect([...lossWeights].filter((weight) => weight === 1)).toHaveLength(16);
    const tokens = (lengths: Iterable<number>) => [...lengths].reduce((sum, length) => sum + length, 0);
    expect(tokens(responseLengths)).toBe(tokens(episodes.map(({ completion }) => completion.tokenIds.length)));
    expect([...advantages].sort()).toEqual([...Float32Array.from(episodes, (it) => it.advantage)].sort());
  });

  it('keeps what has landed: only the missing is sampled, and the outcome is the same', async () => {
    const first = ledgerOf();
    const attempts = await play(script(), first);
    const pool = script();
    const second = ledgerOf(first.stored.filter(({ key }) => key !== 'solve/1' && key !== 'propose/4'));
    expect(await play(pool, second)).toEqual(attempts);
    expect(pool.requests.map(({ key }) => key).sort()).toEqual(['propose/4', 'solve/1']);
  });

  it('ends with the first failure, and asks for nothing more after it', async () => {
    const pool = new ScriptedPool(({ key }) => {
      if (key === 'propose/3') throw new Error('the server is gone');
      return PROPOSALS[0]!;
    });
    await expect(play(pool)).rejects.toThrow('the server is gone');
    expect(pool.requests.filter(({ key }) => key.startsWith('solve/'))).toEqual([]);
  });

  it('shows fewer references where all of them leave no room for a response', async () => {
    const pool = new ScriptedPool(({ key, prompt }, i) => {
      if (prompt.includes('<prog>')) throw new PromptTooLong('too long');
      return key.startsWith('propose/') ? PROPOSALS[5]! : SAMPLES[key]![i]!;
    });
    const [attempt] = await play(pool);
    expect(attempt!.proposed.prompt).toBe('<gen-ded><think>');
  });

  it('rejects a task whose prompt leaves no room for an answer', async () => {
    const pool = new ScriptedPool(({ key }, i) => {
      if (key === 'solve/0') throw new PromptTooLong('too long');
      return key.startsWith('propose/') ? PROPOSALS[Number(key.slice(8))]! : SAMPLES[key]![i]!;
    });
    const [first, second] = await play(pool);
    expect(first!.validation).toMatchObject({ outcome: 'rejected', reason: 'too_long' });
    expect(first!.solved).toBeUndefined();
    expect(second!.validation.outcome).toBe('accepted');
  });
});
