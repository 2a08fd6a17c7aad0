import { MemoryLedger, scriptedPool, scriptedStep } from '../../test/support/scripted-step';
import { ScriptedPool } from '../../test/support/scripted-pool';
import { adds, cellOf, says, SCRIPT_SETS, scriptFor } from '../../test/support/step-script';
import { PromptTooLong } from '../domain/errors';
import type { TaskType } from '../domain/task/task';
import type { SampleRequest } from './ports';

const step = scriptedStep(SCRIPT_SETS, {});
const result = () => step.result(scriptedPool(scriptFor(step.plan)));

/** (r − μ)/σ over a cell, as section 3.3.5 has it, with the population's deviation. */
const standardised = (rewards: readonly number[]) => {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length;
  return rewards.map((reward) => (variance === 0 ? 0 : (reward - mean) / Math.sqrt(variance)));
};

describe('a step through every branch', () => {
  it.each<[TaskType, unknown[]]>([
    [
      'deduction',
      [
        ['accepted', undefined, 0.5],
        ['accepted', undefined, 0],
        ['accepted', undefined, 0],
        ['rejected', 'duplicate', -1],
        ['rejected', 'syntax_error', -1],
        ['malformed', 'malformed', -1],
      ],
    ],
    [
      'abduction',
      [
        ['accepted', undefined, 0.25],
        ['accepted', undefined, 0],
        ['malformed', 'truncated', -1],
        ['rejected', 'duplicate', -1],
      ],
    ],
    [
      'induction',
      [
        ['accepted', undefined, 0.75],
        ['rejected', 'too_few_inputs', -1],
        ['rejected', 'duplicate', -1],
      ],
    ],
  ])('earns each %s proposal what Eq. 4 and 6 say', async (type, expected) => {
    const proposals = cellOf((await result()).episodes, 'proposer', type);
    expect(proposals.map(({ outcome, reason, reward }) => [outcome, reason, reward])).toEqual(expected);
  });

  it.each<[string, unknown[]]>([
    [
      'estimate/2',
      [
        ['incorrect', 'wrong_value', -0.5],
        ['incorrect', 'bad_answer', -0.5],
        ['malformed', 'malformed', -1],
        ['malformed', 'truncated', -1],
      ],
    ],
    [
      'estimate/6',
      [
        ['correct', undefined, 1],
        ['correct', undefined, 1],
        ['correct', undefined, 1],
        ['incorrect', 'wrong_value', -0.5],
      ],
    ],
    [
      'estimate/10',
      [
        ['incorrect', 'wrong_value', -0.5],
        ['incorrect', 'no_entry_function', -0.5],
        ['incorrect', 'syntax_error', -0.5],
        ['correct', undefined, 1],
      ],
    ],
  ])('earns each answer of %s what Eq. 5 and 6 say', async (key, expected) => {
    const answers = (await result()).episodes.filter((episode) => episode.key.startsWith(`${key}/`));
    expect(answers.map(({ outcome, reason, reward }) => [outcome, reason, reward])).toEqual(expected);
  });

  it('has one baseline for each role and type', async () => {
    const { episodes } = await result();
    for (const role of ['proposer', 'solver'] as const) {
      for (const type of ['deduction', 'abduction', 'induction'] as const) {
        const cell = cellOf(episodes, role, type);
        const expected = standardised(cell.map(({ reward }) => reward));
        cell.forEach(({ advantage }, i) => expect(advantage).toBeCloseTo(expected[i]!, 10));
      }
    }
  });

  it('adds up to an outcome', async () => {
    const { outcome } = await result();
    expect(outcome).toMatchObject({
      tasks: {
        deduction: { proposed: 6, valid: 3, admitted: 3 },
        abduction: { proposed: 4, valid: 2, admitted: 2 },
        induction: { proposed: 3, valid: 1, admitted: 1 },
        error: { proposed: 0, valid: 0, admitted: 0 },
      },
      solveRate: {
        deduction: { solved: 10, samples: 16 }, // the repeated task was sampled before it was known to be one
        abduction: { solved: 3, samples: 8 },
        induction: { solved: 1, samples: 4 },
        error: { samples: 0 },
      },
      rewards: { proposer: { deduction: -2.5 / 6, error: null }, solver: { induction: (1 - 1.5) / 4, error: null } },
      rejections: { duplicate: 3, syntax_error: 1, malformed: 1, truncated: 1, too_few_inputs: 1 },
      purposes: { propose: 13, estimate: 28, solve: 0 },
      sequencesGenerated: 41,
      sequencesTrained: 41,
      sequences: {
        proposer: { deduction: { generated: 6, trained: 6 } },
        solver: { abduction: { generated: 8, trained: 8 } },
      },
      health: { programs: 7, newPrograms: 5, repeats: 2, malformedAtEnd: 0, outputTypes: { int: 6 } },
    });
  });

  it('tells repeats where they are allowed: they are rewarded and stand in the buffer once', async () => {
    const sets = [...SCRIPT_SETS, 'tasks.duplicates=allow', 'tasks.shownHiddenInputs=allow'];
    const allowing = scriptedStep(sets, {});
    const more = { 'estimate/9/0': says(1, 2), 'estimate/12/0': says('def f(x): return x') };
    const { episodes, outcome, change } = await allowing.result(scriptedPool({ ...scriptFor(allowing.plan), ...more }));
    expect(outcome).toMatchObject({
      tasks: { deduction: { valid: 4, admitted: 3 }, abduction: { valid: 3, admitted: 2 }, induction: { valid: 2 } },
      health: { programs: 7, newPrograms: 5, repeats: 2 },
    });
    expect(episodes.find(({ key }) => key === 'propose/3')).toMatchObject({ outcome: 'accepted', reward: 0 });
    expect(episodes.find(({ key }) => key === 'propose/9')).toMatchObject({ outcome: 'accepted', reward: 0.75 });
    expect(change.admitted).toHaveLength(7);
  });

  it.each([
    [false, '# 1 gives 2', 1],
    [true, '', 0],
  ])(
    'shows, runs and scores a program alike, and counts comments that tell: stripped %s',
    async (strip, shown, told) => {
      const sets = ['proposer.proposals={deduction: 1, abduction: 0, induction: 0, error: 0}'];
      const commented = { text: '</think>def f(x): return x+1 # 1 gives 2<in>1' };
      const script = { 'propose/0': [commented], 'estimate/0/0': says(2) };
      const step = scriptedStep([...sets, `tasks.stripComments=${strip}`], script);
      const { outcome, change, requests } = await step.result();
      const program = `def f(x): return x+1 ${shown}`.trim();
      expect(change.admitted).toMatchObject([{ program, output: '2' }]);
      expect(requests.find(({ key }) => key === 'estimate/0/0')!.prompt).toBe(`<ded>${program}<in>1<think>`);
      expect(outcome.health.toldInComment).toBe(told);
      expect(outcome.solveRate.deduction).toMatchObject({ solved: 8, samples: 8 });
    },
  );

  it('admits every valid task with its solve rate, whatever its reward, and counts what was shown', async () => {
    const { change } = await result();
    expect(change.admitted.map(({ type, solveRate }) => [type, solveRate])).toEqual([
      ['deduction', 0.5],
      ['deduction', 1],
      ['deduction', 0],
      ['abduction', 0.75],
      ['abduction', 0],
      ['induction', 0.25],
    ]);
    expect(Object.values(change.uses).reduce((sum, uses) => sum + uses, 0)).toBe(13);
  });

  it('puts every episode into the batch once, with its role’s loss weight and its own advantage', async () => {
    const { batch, episodes } = await result();
    expect(batch).toMatchObject({ id: 'run/1', policyVersion: 0 });
    const { advantages, lossWeights, responseLengths } = batch.sequences;
    expect(advantages).toHaveLength(41);
    expect([...lossWeights].filter((weight) => weight === 1)).toHaveLength(28);
    const tokens = (lengths: Iterable<number>) => [...lengths].reduce((sum, length) => sum + length, 0);
    expect(tokens(responseLengths)).toBe(tokens(episodes.map(({ completion }) => completion.tokenIds.length)));
    expect([...advantages].sort()).toEqual([...Float32Array.from(episodes, (it) => it.advantage)].sort());
  });

  it('keeps what has landed: only the missing is sampled, and the outcome is the same', async () => {
    const first = new MemoryLedger();
    const attempts = await step.play(scriptedPool(scriptFor(step.plan)), first);
    const pool = scriptedPool(scriptFor(step.plan));
    const landed = first.stored.filter(({ key }) => key !== 'estimate/1/0' && key !== 'propose/4');
    expect(await step.play(pool, new MemoryLedger(landed))).toEqual(attempts);
    expect(pool.requests.map(({ key }) => key).sort()).toEqual(['estimate/1/0', 'propose/4']);
  });
});

describe('a step that meets trouble', () => {
  it('ends with the first failure, and asks for nothing more after it', async () => {
    const pool = new ScriptedPool(({ key }) => {
      if (key === 'propose/3') throw new Error('the server is gone');
      return adds(1, 1);
    });
    await expect(step.play(pool)).rejects.toThrow('the server is gone');
    expect(pool.requests.filter(({ key }) => key.startsWith('estimate/'))).toEqual([]);
  });

  it('shows fewer references where all of them leave no room for a response', async () => {
    const answers = scriptedPool(scriptFor(step.plan));
    const pool = new ScriptedPool((request, i) => {
      if (/^<gen-(ded|abd)><prog>/.test(request.prompt)) throw new PromptTooLong('too long');
      return answers['answer'](request, i);
    });
    const { attempts } = await step.play(pool);
    expect(attempts[0]!.rollout.prompt).toBe('<gen-ded><think>');
    expect(attempts[0]!.shown).toEqual([]);
  });

  it('takes up again what was shown with what landed, though more was planned', async () => {
    const first = new MemoryLedger();
    const answers = scriptedPool(scriptFor(step.plan));
    const tooLong = (request: SampleRequest) => /^<gen-(ded|abd)><prog>/.test(request.prompt);
    const pool = () =>
      new ScriptedPool((request, i) => {
        if (tooLong(request)) throw new PromptTooLong('too long');
        return answers['answer'](request, i);
      });
    const played = await step.play(pool(), first);
    expect(await step.play(pool(), new MemoryLedger(first.stored))).toEqual(played);
  });

  it('makes no induction proposal on a program that leaves no room for one', async () => {
    const answers = scriptedPool(scriptFor(step.plan));
    const pool = new ScriptedPool((request, i) => {
      if (request.prompt.startsWith('<gen-ind>')) throw new PromptTooLong('too long');
      return answers['answer'](request, i);
    });
    const { outcome } = await step.result(pool);
    expect(outcome.tasks.induction.proposed).toBe(0);
    expect(outcome.tasks.deduction.proposed).toBe(6);
  });

  it('rejects a task whose prompt leaves no room for an answer', async () => {
    const answers = scriptedPool(scriptFor(step.plan));
    const pool = new ScriptedPool((request, i) => {
      if (request.key === 'estimate/0/0') throw new PromptTooLong('too long');
      return answers['answer'](request, i);
    });
    const { attempts } = await step.play(pool);
    expect(attempts[0]!.validation).toMatchObject({ outcome: 'rejected', reason: 'too_long' });
    expect(attempts[0]!.estimate).toBeUndefined();
    expect(attempts[1]!.validation.outcome).toBe('accepted');
  });

  it('still makes a version where nothing is trained on: its proposals go without weight', async () => {
    const malformed = { propose: [{ text: 'x' }] };
    const { batch, outcome } = await scriptedStep([...SCRIPT_SETS, 'proposer.lossWeight=0'], malformed).result();
    expect([...batch.sequences.lossWeights]).toEqual(Array<number>(13).fill(0));
    expect(outcome).toMatchObject({ sequencesGenerated: 13, sequencesTrained: 0, health: { malformedAtEnd: 13 } });
  });
});
