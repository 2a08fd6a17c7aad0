import { groupBy } from '../group-by';
import type { Random } from '../random/random';
import type { Rewarded } from './advantage';
import { cellOf } from './baseline';

/** The same rewards in every cell, dealt out at random: what still learns from these learns from something else. */
export function shuffledRewards(episodes: readonly Rewarded[], random: Random): Rewarded[] {
  const cells = groupBy(episodes, cellOf);
  const dealt = new Map([...cells].map(([key, cell]) => [key, random.shuffle(cell.map(({ reward }) => reward))]));
  return episodes.map((episode) => ({ ...episode, reward: dealt.get(cellOf(episode))!.pop()! }));
}
