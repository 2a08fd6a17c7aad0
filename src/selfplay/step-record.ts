import type { BufferChange } from '../domain/curriculum/task-buffer';
import type { SolveRate } from '../domain/curriculum/solve-rate';
import type { StepPlan } from '../domain/curriculum/step-plan';
import type { ByType } from '../domain/task/task';
import type { UpdateMetrics } from './ports';

/**
 * States of a step, in order; each transition is one transaction.
 *
 * planned: nothing or some of its rollouts have landed; the rest is sent under the same plan.
 * rolled_out: all rollouts are stored; verdicts, rewards and the batch follow from them.
 * batch_persisted: the batch is stored and is sent under its id until the trainer has applied it.
 * applied: the trainer holds the next version; it is published until the servers have it.
 * published: the servers answer from it; the step is committed.
 * committed: curriculum, metrics and counters are those after the step.
 */
export const STEP_STATES = ['planned', 'rolled_out', 'batch_persisted', 'applied', 'published', 'committed'] as const;
export type StepState = (typeof STEP_STATES)[number];

export interface ProposalCounts {
  proposed: number;
  valid: number;
  admitted: number;
}

/** What a step did, by the numbers. */
export interface StepOutcome {
  tasks: ByType<ProposalCounts>;
  /** Solver samples of this step's valid tasks. */
  solveRate: ByType<SolveRate>;
  /** Mean rewards; null where a role had no episode. */
  rewards: { proposer: ByType<number | null>; solver: ByType<number | null> };
  rejections: Record<string, number>;
  sequencesGenerated: number;
  sequencesTrained: number;
  tokensGenerated: number;
  /** Wall-clock seconds of each part; filled in as the step goes on. */
  seconds: Record<string, number>;
}

export interface StepRecord {
  plan: StepPlan;
  state: StepState;
  /** From `batch_persisted` on. */
  outcome?: StepOutcome;
  /** From `batch_persisted` on: what committing the step does to the buffer. */
  change?: BufferChange;
  /** From `applied` on. */
  update?: UpdateMetrics;
}
