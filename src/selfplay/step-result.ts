import type { RunSpec } from '../config/run-spec';
import type { TrainBatch } from '../domain/batch/train-batch';
import type { StepPlan } from '../domain/curriculum/step-plan';
import type { BufferChange, TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Episode } from './episode';
import { episodesOf } from './episodes';
import type { Played } from './step-player';
import { healthOf } from './step-health';
import { outcomeOf, validTasks } from './step-outcome';
import type { StepOutcome } from './step-record';
import { trainBatchOf } from './train-batch';

/** All that follows from what a step played: nothing of it is drawn or asked for any more. */
export interface StepResult {
  episodes: Episode[];
  change: BufferChange;
  outcome: StepOutcome;
  batch: TrainBatch;
}

/** @param buffer as the plan saw it */
export function resultOf(runId: string, plan: StepPlan, played: Played, buffer: TaskBuffer, spec: RunSpec): StepResult {
  const episodes = episodesOf(played, plan.step, buffer, spec);
  const chosen = plan.proposals.flatMap(({ references }) => references);
  const change = buffer.plan(plan.step, validTasks(played.attempts), chosen);
  const outcome = outcomeOf(episodes, change.admitted, healthOf(played.attempts, episodes, buffer));
  return { episodes, change, outcome, batch: trainBatchOf(runId, plan, episodes, spec) };
}
