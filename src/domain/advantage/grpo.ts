import type { Rewarded, Weighting } from './advantage';
import { momentsOf, onceEach, promptPopulations, standardised } from './baseline';

/**
 * GRPO (arXiv 2402.03300, section 4.1.2): A = (r − μ) / σ over the samples of the prompt. An episode that is the only
 * sample of its prompt, as every proposal is, takes μ and σ of its (role, task type) instead.
 * @returns one advantage for each episode, in order; 0 where its σ is 0
 */
export function grpoAdvantages(episodes: readonly Rewarded[], weighting: Weighting): number[] {
  const moments = onceEach(promptPopulations(episodes), (population) => momentsOf(population, weighting));
  return episodes.map(({ reward }, i) => standardised(reward, moments[i]!));
}
