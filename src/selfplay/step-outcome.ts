import { solveRate } from '../domain/curriculum/solve-rate';
import type { TrainBatch } from '../domain/batch/train-batch';
import { byType, type Role, type Task, type TaskType } from '../domain/task/task';
import type { Episode } from './episode';
import type { Attempt } from './roll-out';
import type { StepOutcome } from './step-record';

/** The tasks that a step found, in the plan's order. They enter the buffer whatever their reward. */
export const validTasks = (attempts: readonly Attempt[]): Task[] =>
  attempts.flatMap(({ validation }) => (validation.outcome === 'accepted' ? [validation.task] : []));

/** Counts and means of a step. */
export function outcomeOf(episodes: readonly Episode[], admitted: readonly Task[], batch: TrainBatch): StepOutcome {
  const of = (role: Role, type: TaskType) => episodes.filter((it) => it.role === role && it.type === type);
  const rejections: Record<string, number> = {};
  for (const { role, reason } of episodes) {
    if (role === 'proposer' && reason) rejections[reason] = (rejections[reason] ?? 0) + 1;
  }
  return {
    tasks: byType((type) => ({
      proposed: of('proposer', type).length,
      valid: of('proposer', type).filter(({ outcome }) => outcome === 'accepted').length,
      admitted: admitted.filter((task) => task.type === type).length,
    })),
    solveRate: byType((type) => {
      const samples = of('solver', type);
      return solveRate(samples.filter(({ outcome }) => outcome === 'correct').length, samples.length);
    }),
    rewards: {
      proposer: byType((type) => meanReward(of('proposer', type))),
      solver: byType((type) => meanReward(of('solver', type))),
    },
    rejections,
    sequencesGenerated: episodes.length,
    sequencesTrained: batch.sequences.promptLengths.length,
    tokensGenerated: episodes.reduce((sum, { completion }) => sum + completion.tokenIds.length, 0),
    seconds: {},
  };
}

const meanReward = (episodes: readonly Episode[]): number | null =>
  episodes.length === 0 ? null : episodes.reduce((sum, { reward }) => sum + reward, 0) / episodes.length;
