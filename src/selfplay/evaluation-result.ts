import type { SolveRate } from '../domain/curriculum/solve-rate';
import type { ByType } from '../domain/task/task';

/** Solve rates on tasks that training never sees. */
export interface EvaluationResult {
  policyVersion: number;
  /** Held-out tasks by type; no samples where there were no tasks. */
  solveRate: ByType<SolveRate>;
  /** Public benchmarks by name: `cruxeval-output`, `cruxeval-input`. */
  benchmarks: Record<string, SolveRate>;
  seconds: number;
  sequencesGenerated: number;
  tokensGenerated: number;
}
