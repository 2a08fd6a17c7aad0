import type { SolveRate } from '../curriculum/solve-rate';
import type { ProgramMetrics } from '../task/program-metrics';
import type { TaskType } from '../task/task';

/** What a valid proposal is rewarded by. */
export interface ScoredProposal {
  type: TaskType;
  /** Source text. */
  program: string;
  /** What a solver has to find, as text: outputs for deduction, inputs for abduction, the pairs for induction. */
  answer: string;
  /** Of the samples that were taken. */
  solveRate: SolveRate;
  /** r̄, 0 … 1: the mean of the samples, or its posterior mean under the run's prior. */
  estimate: number;
  metrics: ProgramMetrics;
  /** Programs that the proposer was shown. */
  references: readonly string[];
  /** How often each answer stands in the buffer's tasks of this type. */
  knownAnswers: ReadonlyMap<string, number>;
}

/**
 * The reward of a step's valid proposals before penalties and intrinsic terms: one number for each, in order.
 * @param unlearnable what a task earns that every sample or none solves
 */
export type ProposerReward = (proposals: readonly ScoredProposal[], unlearnable: number) => number[];
