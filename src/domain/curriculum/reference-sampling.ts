import type { Random } from '../random/random';
import type { BufferedTask } from './task-buffer';

/** How the tasks that a proposer is shown are drawn from the buffer; `uniform` is the paper's. */
export const REFERENCE_SAMPLINGS = ['uniform', 'recency', 'solve-rate', 'least-used'] as const;
export type ReferenceSampling = (typeof REFERENCE_SAMPLINGS)[number];

/** Steps after which a task is half as likely to be shown. */
const RECENCY_HALF_LIFE = 20;
/** What a task weighs that is never or always solved; it is shown now and then all the same. */
const LEAST_WEIGHT = 0.05;

/** Weight of a task in the draw, above 0. */
const WEIGHTS: Record<Exclude<ReferenceSampling, 'uniform'>, (task: BufferedTask, step: number) => number> = {
  recency: ({ admittedStep }, step) => 2 ** (-(step - admittedStep) / RECENCY_HALF_LIFE),
  /** 4p(1 − p): most for what is solved half of the time; tasks that were never estimated count as such. */
  'solve-rate': ({ solveRate }) => Math.max(LEAST_WEIGHT, 4 * (solveRate ?? 0.5) * (1 - (solveRate ?? 0.5))),
  'least-used': ({ uses }) => 1 / (1 + uses) ** 2,
};

/**
 * `count` different tasks, or all where there are fewer, in random order. Weighted draws without replacement take the
 * smallest of exponential variates with the tasks' weights as rates (Efraimidis and Spirakis, 2006).
 */
export function drawReferences(
  candidates: readonly BufferedTask[],
  count: number,
  sampling: ReferenceSampling,
  step: number,
  random: Random,
): BufferedTask[] {
  if (sampling === 'uniform') return random.sample(candidates, count);
  const weight = WEIGHTS[sampling];
  const keyed = candidates.map((task) => ({ task, key: random.exponential() / weight(task, step) }));
  keyed.sort((a, b) => a.key - b.key);
  return keyed.slice(0, count).map(({ task }) => task);
}
