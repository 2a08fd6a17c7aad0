import type { Rewarded, Weighting } from './advantage';
import { momentsOf, standardised } from './baseline';

/**
 * REINFORCE++ (arXiv 2501.03262) without its KL term: one baseline for the whole batch, A = (r − μ) / σ.
 * @returns one advantage for each episode, in order; all 0 where all rewards are equal
 */
export function reinforceAdvantages(episodes: readonly Rewarded[], weighting: Weighting): number[] {
  const moments = momentsOf(episodes, weighting);
  return episodes.map(({ reward }) => standardised(reward, moments));
}
