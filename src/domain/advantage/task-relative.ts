import type { Role, TaskType } from '../task/task';

/** What an advantage is computed from. */
export interface Rewarded {
  role: Role;
  type: TaskType;
  reward: number;
  /** Response tokens of the episode. */
  length: number;
}

/** Whether an episode counts once in its cell's mean and deviation, or once for each of its tokens. */
export const WEIGHTINGS = ['sequence', 'token'] as const;
export type Weighting = (typeof WEIGHTINGS)[number];

/**
 * Task-Relative REINFORCE++ (AZR section 3.3.5): one baseline for each (role, task type),
 * A = (r − μ) / σ over that cell of the batch. A cell whose rewards are all equal contributes zero.
 * @returns one advantage for each episode, in order
 */
export function taskRelativeAdvantages(episodes: readonly Rewarded[], weighting: Weighting): number[] {
  const cells = new Map<string, Rewarded[]>();
  for (const episode of episodes) {
    const cell = cells.get(cellOf(episode));
    if (cell) cell.push(episode);
    else cells.set(cellOf(episode), [episode]);
  }
  const moments = new Map([...cells].map(([key, cell]) => [key, weightedMoments(cell, weighting)]));
  return episodes.map((episode) => {
    const { mean, deviation } = moments.get(cellOf(episode))!;
    return deviation > 0 ? (episode.reward - mean) / deviation : 0;
  });
}

const cellOf = ({ role, type }: Rewarded): string => `${role}/${type}`;

/** Weighted mean and population standard deviation; a deviation that is rounding error is 0. */
function weightedMoments(cell: readonly Rewarded[], weighting: Weighting): { mean: number; deviation: number } {
  const weights = cell.map(({ length }) => (weighting === 'token' ? length : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = cell.reduce((sum, { reward }, i) => sum + weights[i]! * reward, 0) / total;
  const variance = cell.reduce((sum, { reward }, i) => sum + weights[i]! * (reward - mean) ** 2, 0) / total;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 1e-9 ? deviation : 0 };
}
