import type { ScoredProposal } from '../../src/domain/reward/scored-proposal';

/** A valid deduction proposal that `solved` of 8 samples solve. */
export const scored = (solved: number, change: Partial<ScoredProposal> = {}): ScoredProposal => ({
  type: 'deduction',
  program: 'def f(x): return x',
  answer: '1',
  solveRate: { solved, samples: 8, rate: solved / 8 },
  estimate: solved / 8,
  metrics: { cognitive: 0, cyclomatic: 1, volume: 0, effort: 0 },
  references: [],
  knownAnswers: new Map(),
  ...change,
});
