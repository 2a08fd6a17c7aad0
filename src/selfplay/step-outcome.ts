import { countOf } from '../domain/count';
import { solveRate } from '../domain/curriculum/solve-rate';
import type { NewTask } from '../domain/curriculum/task-buffer';
import type { HealthSample } from '../domain/health/collapse';
import { byType, TASK_TYPES, type ByType, type Role, type Task, type TaskType } from '../domain/task/task';
import type { UpdateMetrics } from './ports';
import { PURPOSES, type Episode, type Purpose } from './episode';
import type { Attempt } from './step-player';
import type { StepOutcome } from './step-record';

/** The tasks that a step found, in the plan's order. They enter the buffer whatever their reward (AZR 3.3.3). */
export const validTasks = (attempts: readonly Attempt[]): NewTask[] =>
  attempts.flatMap(({ validation, estimate }) =>
    validation.outcome === 'accepted'
      ? [{ ...validation.task, namelessId: validation.namelessId, solveRate: estimate!.solveRate.rate }]
      : [],
  );

/** Counts and means of a step. */
export function outcomeOf(
  episodes: readonly Episode[],
  admitted: readonly Task[],
  health: StepOutcome['health'],
): StepOutcome {
  const cells = new Cells(episodes);
  return {
    tasks: byType((type) => ({
      proposed: cells.of('proposer', type).length,
      valid: cells.of('proposer', type).filter(({ outcome }) => outcome === 'accepted').length,
      admitted: admitted.filter((task) => task.type === type).length,
    })),
    solveRate: byType((type) => {
      const samples = cells.of('solver', type).filter(({ purpose }) => purpose === 'estimate');
      return solveRate(samples.filter(({ outcome }) => outcome === 'correct').length, samples.length);
    }),
    rewards: { proposer: cells.map('proposer', meanReward), solver: cells.map('solver', meanReward) },
    rejections: rejectionsOf(episodes),
    sequences: { proposer: cells.map('proposer', countsOf), solver: cells.map('solver', countsOf) },
    purposes: purposesOf(episodes),
    sequencesGenerated: episodes.length,
    sequencesTrained: episodes.filter(({ trained }) => trained).length,
    tokensGenerated: episodes.reduce((sum, { completion }) => sum + completion.tokenIds.length, 0),
    health,
    seconds: {},
  };
}

/** A step's episodes by role and type. */
class Cells {
  private readonly cells: Record<Role, ByType<Episode[]>> = { proposer: byType(() => []), solver: byType(() => []) };

  constructor(episodes: readonly Episode[]) {
    for (const episode of episodes) this.cells[episode.role][episode.type].push(episode);
  }

  of(role: Role, type: TaskType): readonly Episode[] {
    return this.cells[role][type];
  }

  map<T>(role: Role, work: (cell: readonly Episode[]) => T): ByType<T> {
    return byType((type) => work(this.of(role, type)));
  }
}

const countsOf = (cell: readonly Episode[]): { generated: number; trained: number } => ({
  generated: cell.length,
  trained: cell.filter(({ trained }) => trained).length,
});

const meanReward = (cell: readonly Episode[]): number | null =>
  cell.length === 0 ? null : cell.reduce((sum, { reward }) => sum + reward, 0) / cell.length;

const rejectionsOf = (episodes: readonly Episode[]): Record<string, number> =>
  countOf(episodes.flatMap(({ role, reason }) => (role === 'proposer' && reason ? [reason] : [])));

const purposesOf = (episodes: readonly Episode[]): Record<Purpose, number> =>
  Object.fromEntries(
    PURPOSES.map((purpose) => [purpose, episodes.filter((episode) => episode.purpose === purpose).length]),
  ) as Record<Purpose, number>;

/** What the alarms look at of a step whose update was made. */
export const healthSample = ({ tasks, health }: StepOutcome, update: UpdateMetrics): HealthSample => {
  const sum = (of: 'proposed' | 'valid'): number => TASK_TYPES.reduce((total, type) => total + tasks[type][of], 0);
  const updateSkipped = update.optimizerSteps === 0 && update.skippedSteps > 0;
  return { proposed: sum('proposed'), valid: sum('valid'), ...health, updateSkipped };
};
