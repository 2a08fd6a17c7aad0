import type { SolveRate } from '../domain/curriculum/solve-rate';
import type { ByType } from '../domain/task/task';

/** Solve rates on tasks that training never sees, at temperature 1. */
export interface EvaluationResult {
  policyVersion: number;
  solveRate: ByType<SolveRate>;
  seconds: number;
  sequencesGenerated: number;
  tokensGenerated: number;
}
