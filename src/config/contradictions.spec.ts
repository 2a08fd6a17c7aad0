import { specWith } from '../../test/support/specs';
import { InvalidSettings } from '../domain/errors';

const problemsOf = (sets: readonly string[]) => {
  try {
    specWith(...sets);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
};

/** What is wrong; the path that is named; what the message must say; and one more setting that mends it. */
const CASES: [what: string, sets: string[], path: string, says: string, mend: string][] = [
  [
    'no proposals at all',
    ['proposer.proposals={deduction: 0, abduction: 0, induction: 0}'],
    'proposer.proposals',
    'one type at least',
    'proposer.proposals.abduction=1',
  ],
  [
    'induction without programs',
    ['proposer.proposals={deduction: 0, abduction: 0}'],
    'proposer.proposals.induction',
    'deduction and abduction',
    'proposer.proposals.deduction=1',
  ],
  [
    'neither role trained',
    ['proposer.lossWeight=0', 'solver.lossWeight=0'],
    'solver.lossWeight',
    'nothing is trained',
    'proposer.lossWeight=1',
  ],
  [
    'a solver’s batch of nothing',
    ['solver.batch=step', 'solver.tasks={deduction: 0, abduction: 0, induction: 0}'],
    'solver.tasks',
    'estimates',
    'solver.batch=estimates',
  ],
  [
    'error tasks to solve that nobody makes',
    ['solver.batch=newest', 'solver.tasks.error=16', 'curriculum.seeding.from=policy'],
    'solver.tasks.error',
    'proposer.proposals.error',
    'proposer.proposals.error=1',
  ],
  [
    'a mini-batch that a step does not divide into',
    ['solver.batch=newest', 'update.miniBatch=36'],
    'update.miniBatch',
    'a step has 96 sequences: take a divisor such as 32, or at least 96',
    'update.miniBatch=32',
  ],
  [
    'the same where proposers are not trained',
    ['solver.batch=step', 'update.miniBatch=32', 'proposer.lossWeight=0'],
    'update.miniBatch',
    'a step has 48 sequences: take a divisor such as 24, or at least 48',
    'update.miniBatch=48',
  ],
  [
    'a constant length of nothing',
    ['update.aggregation=constant-length'],
    'update.constantLength',
    'rollout.maxTokens',
    'update.constantLength=160',
  ],
  [
    'a sequence too long for a forward pass',
    ['rollout.maxPromptTokens=4000'],
    'update.microBatchTokens',
    'at least 4256',
    'update.microBatchTokens=4256',
  ],
  [
    'a buffer below the proposals of a type',
    ['curriculum.capacity=15'],
    'curriculum.capacity',
    'proposer.proposals.deduction tasks: take at least 16',
    'curriculum.capacity=16',
  ],
  [
    'a buffer below the solver’s tasks of a type',
    ['solver.batch=step', 'curriculum.capacity=16', 'solver.tasks.abduction=17'],
    'curriculum.capacity',
    'solver.tasks.abduction tasks from the buffer: take at least 17',
    'curriculum.capacity=17',
  ],
  [
    'a buffer below a proposer’s references',
    ['curriculum.capacity=16', 'proposer.references=17'],
    'curriculum.capacity',
    'at least 17',
    'proposer.references=16',
  ],
  [
    'a buffer below its seeds',
    ['curriculum.capacity=63', 'curriculum.seeding.from=policy'],
    'curriculum.capacity',
    'at least 64',
    'curriculum.seeding.count=63',
  ],
  [
    'fewer seeds than references',
    ['curriculum.seeding={from: policy, count: 5}', 'proposer.references=6'],
    'curriculum.seeding.count',
    'at least 6',
    'curriculum.seeding.count=6',
  ],
  [
    'more seeds than proposals for them',
    ['curriculum.seeding={from: policy, maxProposals: 63}'],
    'curriculum.seeding.maxProposals',
    'curriculum.seeding.count, 64',
    'curriculum.seeding.maxProposals=64',
  ],
  [
    'seeds from no file',
    ['curriculum.seeding.tasks=none'],
    'curriculum.seeding.tasks',
    '--seed-tasks FILE',
    'curriculum.seeding.from=policy',
  ],
  [
    'a round above all samples',
    ['solver.estimation.round=9'],
    'solver.estimation.round',
    'solver.estimation.samples, 8',
    'solver.estimation.round=8',
  ],
  [
    'half a prior',
    ['solver.estimation.priorFailed=1'],
    'solver.estimation.priorSolved',
    'with priorFailed 1 set both above 0, or both to 0',
    'solver.estimation.priorSolved=1',
  ],
  [
    'early stopping without rounds',
    ['solver.estimation.settled=0.1'],
    'solver.estimation.settled',
    'solver.estimation.round below 8',
    'solver.estimation.round=4',
  ],
  [
    'early stopping with one round',
    ['solver.estimation.settled=0.1', 'solver.estimation.round=8'],
    'solver.estimation.settled',
    'solver.estimation.round below 8',
    'solver.estimation.settled=0',
  ],
  [
    'advantages among the samples of a prompt, with one each',
    ['advantage.estimator=grpo', 'solver.batch=step', 'update.miniBatch=48'],
    'advantage.estimator',
    'one each',
    'solver.batch=estimates',
  ],
  [
    'advantages among one estimate',
    ['advantage.estimator=rloo', 'solver.estimation.samples=1'],
    'advantage.estimator',
    'above 1',
    'solver.estimation.samples=2',
  ],
  [
    'references above the prompt',
    ['rollout.maxPromptTokens=500', 'proposer.referenceTokens=501'],
    'proposer.referenceTokens',
    'rollout.maxPromptTokens, 500',
    'proposer.referenceTokens=500',
  ],
  [
    'an intrinsic term capped at nothing',
    ['proposer.intrinsic.halstead={weight: 0.5, max: 0}'],
    'proposer.intrinsic.halstead.max',
    'weight 0.5',
    'proposer.intrinsic.halstead.max=0.5',
  ],
  [
    'several greedy samples',
    ['evaluation.temperature=0', 'evaluation.samples=4'],
    'evaluation.samples',
    'all the same',
    'evaluation.samples=1',
  ],
];

describe('settings that contradict each other', () => {
  it.each(CASES)('%s: refused with what to change', (_, sets, path, says) => {
    expect(problemsOf(sets)).toEqual([{ path, value: expect.anything(), legal: expect.stringContaining(says) }]);
  });

  it.each(CASES)('%s: accepted once it is mended', (_, sets, _path, _says, mend) => {
    expect(problemsOf([...sets, mend])).toEqual([]);
  });

  it('are all named at once', () => {
    const problems = problemsOf(['curriculum.seeding.tasks=none', 'solver.estimation.round=9']);
    expect(problems.map(({ path }) => path)).toEqual(['curriculum.seeding.tasks', 'solver.estimation.round']);
  });

  it('are looked for only once each setting is legal for itself', () => {
    const problems = problemsOf(['solver.estimation.round=9', 'update.miniBatch=none']);
    expect(problems.map(({ path }) => path)).toEqual(['update.miniBatch']);
  });
});
