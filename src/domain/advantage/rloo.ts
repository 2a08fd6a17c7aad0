import type { Rewarded, Weighting } from './advantage';
import { onceEach, promptPopulations, weightedSum, weightOf } from './baseline';

/**
 * RLOO (arXiv 2402.14740): A = r − the mean reward of the prompt's other samples. An episode that is the
 * only sample of its prompt, as every proposal is, takes the others of its (role, task type) instead.
 * @returns one advantage for each episode, in order; 0 where there are no others, or none that counts
 */
export function rlooAdvantages(episodes: readonly Rewarded[], weighting: Weighting): number[] {
  const totals = onceEach(promptPopulations(episodes), (population) => ({
    weight: weightedSum(population, weighting, () => 1),
    reward: weightedSum(population, weighting, ({ reward }) => reward),
  }));
  return episodes.map((episode, i) => {
    const own = weightOf(episode, weighting);
    const others = totals[i]!.weight - own;
    return others > 0 ? episode.reward - (totals[i]!.reward - own * episode.reward) / others : 0;
  });
}
