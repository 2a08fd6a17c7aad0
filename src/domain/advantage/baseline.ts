import { groupBy } from '../group-by';
import type { Rewarded, Weighting } from './advantage';

/** The episodes that one is compared with, by role and task type (AZR section 3.3.5). */
export const cellOf = ({ role, type }: Rewarded): string => `${role}/${type}`;

/**
 * What each episode is compared with: the samples of its prompt, or its cell where the prompt has no other sample.
 * @returns one population for each episode, in order, itself included
 */
export function promptPopulations(episodes: readonly Rewarded[]): readonly Rewarded[][] {
  const prompts = groupBy(episodes, ({ group }) => group);
  const cells = groupBy(episodes, cellOf);
  return episodes.map((episode) => {
    const prompt = prompts.get(episode.group)!;
    return prompt.length > 1 ? prompt : cells.get(cellOf(episode))!;
  });
}

/** How much an episode counts. */
export const weightOf = ({ length }: Rewarded, weighting: Weighting): number => (weighting === 'token' ? length : 1);

export interface Moments {
  mean: number;
  /** Of the population, not of a sample. */
  deviation: number;
}

/** Weighted mean and deviation; a deviation that is rounding error is 0, and so are both where nothing counts. */
export function momentsOf(population: readonly Rewarded[], weighting: Weighting): Moments {
  const total = weightedSum(population, weighting, () => 1);
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = weightedSum(population, weighting, ({ reward }) => reward) / total;
  const variance = weightedSum(population, weighting, ({ reward }) => (reward - mean) ** 2) / total;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 1e-9 ? deviation : 0 };
}

export const weightedSum = (
  population: readonly Rewarded[],
  weighting: Weighting,
  value: (episode: Rewarded) => number,
): number => population.reduce((sum, episode) => sum + weightOf(episode, weighting) * value(episode), 0);

/** (r − μ) / σ; 0 where there is no deviation. */
export const standardised = (reward: number, { mean, deviation }: Moments): number =>
  deviation > 0 ? (reward - mean) / deviation : 0;

/** `work` once for each different population; `populations` names the same array where it is the same. */
export function onceEach<T>(populations: readonly (readonly Rewarded[])[], work: (of: readonly Rewarded[]) => T): T[] {
  const done = new Map<readonly Rewarded[], T>();
  return populations.map((population) => {
    if (!done.has(population)) done.set(population, work(population));
    return done.get(population)!;
  });
}
