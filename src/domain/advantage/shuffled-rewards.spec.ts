import { Random } from '../random/random';
import type { Rewarded } from './advantage';
import { cellOf } from './baseline';
import { shuffledRewards } from './shuffled-rewards';

const episodes: Rewarded[] = Array.from({ length: 60 }, (_, i) => ({
  role: i % 2 === 0 ? 'proposer' : 'solver',
  type: i % 3 === 0 ? 'deduction' : 'induction',
  group: `prompt/${i}`,
  reward: i,
  length: 10 + i,
}));

describe('shuffled rewards', () => {
  const shuffled = shuffledRewards(episodes, new Random(0, 7, 'rewards'));

  it('are the same in every cell, and those of other episodes', () => {
    const rewardsOf = (all: readonly Rewarded[], cell: string): number[] =>
      all.flatMap((episode) => (cellOf(episode) === cell ? [episode.reward] : [])).sort((a, b) => a - b);
    for (const cell of new Set(episodes.map(cellOf)))
      expect(rewardsOf(shuffled, cell)).toEqual(rewardsOf(episodes, cell));
    expect(shuffled.filter(({ reward }, i) => reward === episodes[i]!.reward).length).toBeLessThan(20);
  });

  it('leave the rest of an episode as it is', () => {
    const rest = (all: readonly Rewarded[]): unknown[] => all.map((episode) => ({ ...episode, reward: 0 }));
    expect(rest(shuffled)).toEqual(rest(episodes));
  });
});
