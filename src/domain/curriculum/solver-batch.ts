import type { Random } from '../random/random';
import type { BufferedTask } from './task-buffer';

/** Where a step's solver episodes come from; see `SolverSpec.batch`. */
export const SOLVER_BATCHES = ['estimates', 'step', 'newest'] as const;
export type SolverBatch = (typeof SOLVER_BATCHES)[number];

/**
 * Tasks of the buffer for the `count` places of the solver's own batch. `step`: uniformly, for the places that the
 * step's valid tasks leave open (AZR section 3.3.3); `newest`: those that the newest admitting step added, then
 * uniformly from the others, as in the released runs. Where the buffer holds fewer, tasks come again; null where it
 * holds none.
 */
export function drawSolverTasks(
  tasks: readonly BufferedTask[],
  count: number,
  batch: Exclude<SolverBatch, 'estimates'>,
  random: Random,
): (BufferedTask | null)[] {
  const newest = tasks.at(-1)?.admittedStep;
  const first = batch === 'newest' ? tasks.filter(({ admittedStep }) => admittedStep === newest) : [];
  const drawn: (BufferedTask | null)[] = random.sample(first, count);
  const others = tasks.filter((task) => !drawn.includes(task));
  drawn.push(...random.sample(others, count - drawn.length));
  while (drawn.length < count) drawn.push(tasks.length > 0 ? tasks[random.below(tasks.length)]! : null);
  return drawn;
}
