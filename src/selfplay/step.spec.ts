import { MemoryLedger, SEEDS, scriptedPool, scriptedStep, type Script } from '../../test/support/scripted-step';
import { ScriptedPool } from '../../test/support/scripted-pool';
import { PromptTooLong } from '../domain/errors';
import type { Role, TaskType } from '../domain/task/task';
import type { Episode } from './episode';

const adds = (n: number, x: number) => ({ text: `</think>def f(x): return x+${n}<in>${x}` });
const says = (...answers: (string | number)[]) => answers.map((answer) => ({ text: `</think>${answer}` }));
const cut = (answer: string) => ({ text: `</think>${answer}`, finished: false });

const SETS = [
  'proposer.proposals={deduction: 6, abduction: 4, induction: 3, error: 0}',
  'proposer.references=1',
  'solver.estimation.samples=4',
];

/** Proposals 0 to 5 are deduction, 6 to 9 abduction, 10 to 12 induction. */
const SCRIPT: Script = {
  'propose/0': [adds(1, 1)], // half of the samples are right
  'propose/1': [adds(2, 1)], // all are
  'propose/2': [adds(3, 1)], // none is: another value, no value, malformed, cut off
  'propose/3': [adds(1, 1)], // repeats the first
  'propose/4': [{ text: '</think>def f(x?): return x<in>1' }], // does not compile
  'propose/5': [{ text: 'no answer' }], // malformed
  'propose/6': [adds(5, 1)], // three of four: another input gives the output as well as the gold does
  'propose/7': [adds(6, 1)], // none
  'propose/8': [cut('def f(x): return x+9<in>1')], // truncated
  'propose/9': [adds(200, 1)], // in the buffer already
  'propose/10': [{ text: '</think>1<in>2<in>3<in>4<in>5<in>6' }], // one of four programs is right
  'propose/11': [{ text: '</think>1<in>2<in>3' }], // too few inputs
  'propose/12': [{ text: '</think>1<in>2<in>3<in>1<in>5<in>6' }], // repeats an input
  'estimate/0/0': says(2, 3, 2, 0),
  'estimate/1/0': says(3, 3, 3, 3),
  'estimate/2/0': [{ text: '</think>0' }, { text: '</think>x' }, { text: '4' }, cut('4')],
  'estimate/3/0': says(2, 2, 2, 2),
  'estimate/6/0': says(1, '0x1', '+1', 2),
  'estimate/7/0': says(2, 'f', '', 3),
  'estimate/10/0': says('def f(x): return x+7', 'def g(x): return x', 'def f(x?)', 'PROGRAM'),
};
/** The one program of the induction task is that of the buffer's task that was drawn. */
const script = (plan: ReturnType<typeof scriptedStep>['plan']): Script => {
  const program = SEEDS.get(plan.proposals[10]!.references[0]!)!.program;
  const answers = SCRIPT['estimate/10/0']!.map(({ text }) => ({ text: text.replace('PROGRAM', program) }));
  return { ...SCRIPT, 'estimate/10/0': answers };
};
const step = scriptedStep(SETS, {});
const result = () => step.result(scriptedPool(script(step.plan)));

const [seedTask] = SEEDS.ofType('deduction').map(({ id }) => id);

const of = (episodes: readonly Episode[], role: Role, type: TaskType) =>
  episodes.filter((episode) => episode.role === role && episode.type === type);

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
    const proposals = of((await result()).episodes, 'proposer', type);
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
        const cell = of(episodes, role, type);
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
      health: { programs: 7, distinctPrograms: 5, malformedAtEnd: 0, outputTypes: { int: 6 } },
    });
  });

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
    const attempts = await step.play(scriptedPool(script(step.plan)), first);
    const pool = scriptedPool(script(step.plan));
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
    const answers = scriptedPool(script(step.plan));
    const pool = new ScriptedPool((request, i) => {
      if (/^<gen-(ded|abd)><prog>/.test(request.prompt)) throw new PromptTooLong('too long');
      return answers['answer'](request, i);
    });
    const { attempts } = await step.play(pool);
    expect(attempts[0]!.rollout.prompt).toBe('<gen-ded><think>');
    expect(attempts[0]!.shown).toEqual([]);
  });

  it('rejects a task whose prompt leaves no room for an answer', async () => {
    const answers = scriptedPool(script(step.plan));
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
    const { batch, outcome } = await scriptedStep([...SETS, 'proposer.lossWeight=0'], malformed).result();
    expect([...batch.sequences.lossWeights]).toEqual(Array<number>(13).fill(0));
    expect(outcome).toMatchObject({ sequencesGenerated: 13, sequencesTrained: 0, health: { malformedAtEnd: 13 } });
  });
});

describe('the solver’s own batch', () => {
  const places = 'solver.tasks={deduction: 5, abduction: 1, induction: 1, error: 0}';
  const play = (batch: string) => {
    const own = scriptedStep([...SETS, places, `solver.batch=${batch}`], {});
    return own.result(scriptedPool({ ...script(own.plan), solve: says(101) }));
  };
  const solvedIn = (episodes: readonly Episode[], type: TaskType) =>
    of(episodes, 'solver', type).filter(({ purpose }) => purpose === 'solve');

  it('`step` answers the step’s valid tasks once, in order, and fills up from the buffer', async () => {
    const { episodes, change } = await play('step');
    const own = change.admitted.filter(({ type }) => type === 'deduction').map(({ id }) => id);
    const expected = [...own, seedTask, seedTask];
    expect(solvedIn(episodes, 'deduction').map(({ taskId }) => taskId)).toEqual(expected);
    expect(solvedIn(episodes, 'deduction').at(-1)).toMatchObject({ outcome: 'correct', reward: 1, trained: true });
    expect(solvedIn(episodes, 'induction')).toHaveLength(1); // the buffer holds none, the step found one
  });

  it('`newest` answers tasks of the buffer alone, and leaves a place open where there is none', async () => {
    const { episodes, outcome } = await play('newest');
    expect(solvedIn(episodes, 'deduction').map(({ taskId }) => taskId)).toEqual(Array(5).fill(seedTask));
    expect(solvedIn(episodes, 'induction')).toEqual([]);
    expect(outcome.purposes).toEqual({ propose: 13, estimate: 28, solve: 6 });
  });

  it('leaves the estimates out of the batch and of the baselines, and counts them', async () => {
    const { episodes, batch, outcome } = await play('newest');
    const estimates = episodes.filter(({ purpose }) => purpose === 'estimate');
    expect(estimates.every(({ trained, advantage }) => !trained && advantage === 0)).toBe(true);
    expect(batch.sequences.advantages).toHaveLength(13 + 6);
    expect(outcome).toMatchObject({ sequencesGenerated: 47, sequencesTrained: 19 });
    // One answer each of value 101: all right, so the cell has no deviation.
    expect(solvedIn(episodes, 'deduction').map(({ advantage }) => advantage)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('an adaptive estimate', () => {
  const sets = [
    'proposer.proposals={deduction: 2, abduction: 0, induction: 0, error: 0}',
    'solver.estimation={samples: 8, round: 2, settled: 0.2, priorSolved: 1, priorFailed: 1}',
  ];
  const rounds: Script = {
    'propose/0': [adds(1, 1)],
    'propose/1': [adds(2, 1)],
    'estimate/0': says(2, 0), // one of two in each round
    'estimate/1': says(3, 3), // all
  };

  it('samples until the posterior is settled, and shrinks the rate before the reward', async () => {
    const { episodes, requests, outcome } = await scriptedStep(sets, rounds).result();
    const asked = requests.filter(({ key }) => key.startsWith('estimate/'));
    // Beta(3, 1) after two right ones: sd 0.194; Beta(2, 2), (3, 3): 0.224, 0.189.
    expect(asked.map(({ key, samples }) => [key, samples])).toEqual(
      expect.arrayContaining([
        ['estimate/0/0', 2],
        ['estimate/0/1', 2],
        ['estimate/1/0', 2],
      ]),
    );
    expect(asked).toHaveLength(3);
    const [first, second] = of(episodes, 'proposer', 'deduction');
    expect(first!.reward).toBe(1 - 3 / 6);
    expect(second!.reward).toBe(0); // solved by all: unlearnable, whatever the prior says
    expect(outcome.solveRate.deduction).toMatchObject({ solved: 4, samples: 6 });
  });

  it('draws each sample of a task with a seed of its own', async () => {
    const { requests } = await scriptedStep(sets, rounds).result();
    const seeds = requests.filter(({ key }) => key.startsWith('estimate/0/')).map(({ seed }) => seed);
    expect(seeds[1]).toBe(seeds[0]! + 2);
  });
});
