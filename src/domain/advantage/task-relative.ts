import { groupBy } from '../group-by';
import type { Rewarded, Weighting } from './advantage';
import { cellOf, momentsOf, standardised } from './baseline';

/**
 * Task-Relative REINFORCE++ (AZR, arXiv 2505.03335, section 3.3.5): one baseline for each (role, task type),
 * A = (r − μ) / σ over that cell of the batch. A cell whose rewards are all equal contributes zero.
 * @returns one advantage for each episode, in order
 */
export function taskRelativeAdvantages(episodes: readonly Rewarded[], weighting: Weighting): number[] {
  const cells = groupBy(episodes, cellOf);
  const moments = new Map([...cells].map(([key, cell]) => [key, momentsOf(cell, weighting)]));
  return episodes.map((episode) => standardised(episode.reward, moments.get(cellOf(episode))!));
}
