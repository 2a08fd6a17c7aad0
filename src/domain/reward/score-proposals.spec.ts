import { scored } from '../../../test/support/scored-proposal';
import type { Combination } from './intrinsic/combination';
import { proposerRewards, type ProposalOutcome, type ProposerRewardSettings } from './score-proposals';
import type { ScoredProposal } from './scored-proposal';

const OFF = { weight: 0, max: 0.5 };
const PLAIN: ProposerRewardSettings = {
  reward: 'learnability',
  malformedReward: -1,
  rejectedReward: -0.75,
  unlearnableReward: -0.5,
  intrinsic: { combine: 'sum', complexity: OFF, halstead: OFF, editDistance: OFF, diversity: OFF },
};

const accepted = (proposal: ScoredProposal): ProposalOutcome => ({ outcome: 'accepted', proposal });

describe('the rewards of a step’s proposals', () => {
  it('are penalties for what is no task, and what a task earns, in the order of the proposals', () => {
    const outcomes: ProposalOutcome[] = [
      accepted(scored(2)),
      { outcome: 'malformed' },
      accepted(scored(8)),
      { outcome: 'rejected', penalised: true },
      accepted(scored(6)),
    ];
    expect(proposerRewards(outcomes, PLAIN)).toEqual([0.75, -1, -0.5, -0.75, 0.25]);
  });

  it.each([0, -0.5])('state what a task that all or none solve earns, apart from the penalties: %d', (unlearnable) => {
    const outcomes: ProposalOutcome[] = [
      accepted(scored(0)),
      accepted(scored(8)),
      { outcome: 'rejected', penalised: true },
      { outcome: 'rejected', penalised: false },
      { outcome: 'malformed' },
    ];
    const settings = { ...PLAIN, unlearnableReward: unlearnable, rejectedReward: -0.75, malformedReward: -1 };
    expect(proposerRewards(outcomes, settings)).toEqual([unlearnable, unlearnable, -0.75, 0, -1]);
  });

  it('are of the reward that is named, and relative to the valid proposals alone', () => {
    const outcomes = [accepted(scored(4)), { outcome: 'rejected', penalised: true } as const, accepted(scored(2))];
    // Both programs are the same: the share of the near-duplicates is 1.
    expect(proposerRewards(outcomes, { ...PLAIN, reward: 'r-zero' })).toEqual([-0.5, -0.75, -0.75]);
  });

  it.each<[Combination, number]>([
    ['sum', 0.5 + (0.2 + 0.3)],
    ['multiply', 0.5 * (0.2 * 0.3)],
    ['sum-multiply', 0.5 + 0.2 * 0.3],
    ['multiply-sum', 0.5 * (0.2 + 0.3)],
  ])('join the terms that are on by %s', (combine, expected) => {
    // Complexity 0.5 · 6/15 = 0.2; diversity min(1 · 1, 0.3) = 0.3.
    const intrinsic = {
      ...PLAIN.intrinsic,
      ...{ combine, complexity: { weight: 0.5, max: 1 }, diversity: { weight: 1, max: 0.3 } },
    };
    const proposal = scored(4, { metrics: { cognitive: 6, cyclomatic: 1, volume: 0, effort: 0 } });
    const [reward] = proposerRewards([accepted(proposal)], { ...PLAIN, intrinsic });
    expect(reward).toBeCloseTo(expected, 12);
  });

  it('have no terms where a task earns nothing by itself', () => {
    const intrinsic = { ...PLAIN.intrinsic, diversity: { weight: 1, max: 1 } };
    const outcomes = [accepted(scored(0)), accepted(scored(8)), { outcome: 'malformed' } as const];
    expect(proposerRewards(outcomes, { ...PLAIN, intrinsic })).toEqual([-0.5, -0.5, -1]);
  });

  it('have of induction the term of its answers alone, since its program was given', () => {
    const on = { weight: 1, max: 1 };
    const intrinsic = { combine: 'sum', complexity: on, halstead: on, editDistance: on, diversity: on } as const;
    const proposal = scored(4, {
      type: 'induction',
      knownAnswers: new Map([
        ['1', 1],
        ['2', 3],
      ]),
    });
    expect(proposerRewards([accepted(proposal)], { ...PLAIN, intrinsic })).toEqual([0.5 + 0.75]);
  });
});
