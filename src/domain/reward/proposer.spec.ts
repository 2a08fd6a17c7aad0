import { scored } from '../../../test/support/scored-proposal';
import { PROPOSER_REWARDS, type ProposerRewardName } from './proposer';
import type { ScoredProposal } from './scored-proposal';

const EIGHTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** Programs that share hardly a token pair, so that none is another's near-duplicate. */
const different = (solved: number): ScoredProposal =>
  scored(solved, { program: Array.from({ length: 9 }, (_, i) => `word${solved}x${i}`).join(' ') });

const rewardsOf = (name: ProposerRewardName, proposals: ScoredProposal[], unlearnable = 0): number[] =>
  PROPOSER_REWARDS[name](proposals, unlearnable);

describe('the reward of a proposal that k of 8 samples solve', () => {
  it('is 1 − k/8 by learnability, and the setting at the two ends (AZR Eq. 4)', () => {
    const inner = [7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8];
    expect(rewardsOf('learnability', EIGHTHS.map(different))).toEqual([0, ...inner, 0]);
    expect(rewardsOf('learnability', EIGHTHS.map(different), -0.5)).toEqual([-0.5, ...inner, -0.5]);
  });

  it('is min(p, 1 − p) by R-Zero, less the ninth that it is of its batch', () => {
    const expected = [0, 1, 2, 3, 4, 3, 2, 1, 0].map((k) => k / 8 - 1 / 9);
    rewardsOf('r-zero', EIGHTHS.map(different)).forEach((reward, k) => expect(reward).toBeCloseTo(expected[k]!, 12));
  });

  it('is 1 − 2|p − ½| by the other R-Zero', () => {
    const expected = [0, 2, 4, 6, 8, 6, 4, 2, 0].map((k) => k / 8 - 1 / 9);
    rewardsOf('r-zero-tent', EIGHTHS.map(different)).forEach((reward, k) =>
      expect(reward).toBeCloseTo(expected[k]!, 12),
    );
  });

  it('is 1 between the two ends by SQLM', () => {
    expect(rewardsOf('sqlm', EIGHTHS.map(different))).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('is 4p(1 − p) by variance', () => {
    expect(rewardsOf('variance', EIGHTHS.map(different))).toEqual([0, 7, 12, 15, 16, 15, 12, 7, 0].map((x) => x / 16));
  });

  it('is 1 up to the 70th percentile of the seven between the ends by SGS', () => {
    // ⌊0.7 · 7⌋ = 4; from 0 on, rate number 4 is 5/8.
    expect(rewardsOf('sgs', EIGHTHS.map(different))).toEqual([0, 1, 1, 1, 1, 1, 0, 0, 0]);
  });

  it('is 1.1 − p + 0.2 novelty by PasoDoble from p = 0.2 on', () => {
    const rewards = rewardsOf('pasodoble', EIGHTHS.map(different));
    const expected = EIGHTHS.map((k) => (k < 2 ? 0 : 1.1 - k / 8 + 0.2));
    rewards.forEach((reward, k) => expect(reward).toBeCloseTo(expected[k]!, 12));
  });
});

describe('SGS', () => {
  it('has no percentile where no task is between the ends', () => {
    expect(rewardsOf('sgs', [different(0), different(8)], -0.25)).toEqual([-0.25, -0.25]);
  });

  it('takes the percentile within a task type', () => {
    const easy = [5, 6, 7].map((solved) => scored(solved, { type: 'abduction' }));
    const hard = [1, 2, 3].map((solved) => scored(solved, { type: 'deduction' }));
    // ⌊0.7 · 3⌋ = 2: the highest rate of each type is its percentile.
    expect(rewardsOf('sgs', [...easy, ...hard])).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('PasoDoble', () => {
  it('gives nothing for a copy of a reference', () => {
    const copy = scored(4, { program: 'def f(x): return x + 1', references: ['def f(x): return x + 1'] });
    expect(rewardsOf('pasodoble', [copy])).toEqual([0]);
  });

  it('judges an induction proposal, whose program was given, by its pairs', () => {
    const program = 'def f(x): return x + 1';
    const given = { type: 'induction', program, references: [program], answer: 'a' } as const;
    const seen = scored(4, {
      ...given,
      knownAnswers: new Map([
        ['a', 9],
        ['b', 1],
      ]),
    });
    const half = scored(4, {
      ...given,
      knownAnswers: new Map([
        ['a', 5],
        ['b', 5],
      ]),
    });
    const [copied, partly] = rewardsOf('pasodoble', [seen, half]);
    expect(copied).toBe(0);
    expect(partly).toBeCloseTo(1.1 - 0.5 + 0.2 * 0.5, 12);
  });
});

describe('an estimate under a prior', () => {
  it('is what the reward is made of, while the counts say which tasks are at the two ends', () => {
    const lucky = scored(1, { estimate: 0.3 });
    const failed = scored(0, { estimate: 0.1 });
    expect(rewardsOf('learnability', [lucky, failed], -0.5)).toEqual([0.7, -0.5]);
    expect(rewardsOf('sqlm', [lucky, failed])).toEqual([1, 0]);
  });
});

it('every reward of no proposals is none', () => {
  for (const reward of Object.values(PROPOSER_REWARDS)) expect(reward([], 0)).toEqual([]);
});
