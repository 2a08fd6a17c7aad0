import { solveRate, type SolveRate } from '../domain/curriculum/solve-rate';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { byType, type ByType } from '../domain/task/task';
import type { TaskSample } from './episode';
import type { EvaluationResult } from './evaluation-result';
import type { ProposalCounts, StepRecord } from './step-record';

/** What one call did to a run. */
export interface RunSummary {
  runId: string;
  /** Steps that this call committed. */
  steps: number;
  policyVersion: number;
  tasks: ByType<ProposalCounts & { buffer: number }>;
  /** Of this call's solver samples. */
  solveRate: ByType<SolveRate>;
  /** Means over this call's episodes; null where a role had none. */
  rewards: { proposer: ByType<number | null>; solver: ByType<number | null> };
  rejections: Record<string, number>;
  /** At the version that the call started from, and at the one that it ended with; absent if switched off. */
  heldOut: { before?: EvaluationResult; after?: EvaluationResult };
  sequencesGenerated: number;
  sequencesTrained: number;
  tokensGenerated: number;
  /** Wall clock by part; parts do not overlap. */
  seconds: Record<string, number>;
  /** Folder of the newest checkpoint. */
  checkpoint: string;
  /** Hugging Face folder of the policy as it is now. */
  exported: string;
  samples: TaskSample[];
}

type Counted = Pick<
  RunSummary,
  'tasks' | 'solveRate' | 'rewards' | 'rejections' | 'sequencesGenerated' | 'sequencesTrained' | 'tokensGenerated'
>;

/** Adds up the steps of a call. */
export function summarise(records: readonly StepRecord[], buffer: TaskBuffer): Counted {
  const outcomes = records.map((record) => record.outcome!);
  const sum = (of: (outcome: (typeof outcomes)[number]) => number) => outcomes.reduce((total, it) => total + of(it), 0);
  /** Mean of per-step means, each weighing its episodes. */
  const mean = (role: 'proposer' | 'solver') =>
    byType((type) => {
      const weight = (it: (typeof outcomes)[number]) =>
        role === 'proposer' ? it.tasks[type].proposed : it.solveRate[type].samples;
      const episodes = sum(weight);
      return episodes === 0 ? null : sum((it) => weight(it) * (it.rewards[role][type] ?? 0)) / episodes;
    });
  const rejections: Record<string, number> = {};
  for (const outcome of outcomes) {
    for (const [reason, count] of Object.entries(outcome.rejections)) {
      rejections[reason] = (rejections[reason] ?? 0) + count;
    }
  }
  return {
    tasks: byType((type) => ({
      proposed: sum((it) => it.tasks[type].proposed),
      valid: sum((it) => it.tasks[type].valid),
      admitted: sum((it) => it.tasks[type].admitted),
      buffer: buffer.ofType(type).length,
    })),
    solveRate: byType((type) =>
      solveRate(
        sum((it) => it.solveRate[type].solved),
        sum((it) => it.solveRate[type].samples),
      ),
    ),
    rewards: { proposer: mean('proposer'), solver: mean('solver') },
    rejections,
    sequencesGenerated: sum((it) => it.sequencesGenerated),
    sequencesTrained: sum((it) => it.sequencesTrained),
    tokensGenerated: sum((it) => it.tokensGenerated),
  };
}
