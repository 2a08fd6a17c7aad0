import fc from 'fast-check';
import type { Rewarded } from './advantage';
import { taskRelativeAdvantages } from './task-relative';

const episode = (role: Rewarded['role'], reward: number, length = 1): Rewarded => ({
  role,
  type: 'deduction',
  group: 'prompt',
  reward,
  length,
});

describe('task-relative advantages', () => {
  it('are (r − μ)/σ over the episodes of one role and type, not over the batch', () => {
    const advantages = taskRelativeAdvantages(
      [episode('solver', 1), episode('proposer', 10), episode('solver', -1), episode('proposer', 30)],
      'sequence',
    );
    expect(advantages).toEqual([1, -1, -1, 1]);
  });

  it('weigh an episode by its response tokens when weighting is token', () => {
    // μ = (3·1 + 1·0)/4 = 0.75, σ² = (3·0.0625 + 0.5625)/4 = 0.1875
    const [solved, failed] = taskRelativeAdvantages([episode('solver', 1, 3), episode('solver', 0, 1)], 'token');
    expect(solved).toBeCloseTo(0.25 / Math.sqrt(0.1875), 12);
    expect(failed).toBeCloseTo(-0.75 / Math.sqrt(0.1875), 12);
  });

  it('are zero where all rewards of a cell are equal, and where no episode has a token', () => {
    expect(taskRelativeAdvantages([episode('solver', 0.3), episode('solver', 0.3)], 'sequence')).toEqual([0, 0]);
    expect(taskRelativeAdvantages([episode('solver', 1, 0), episode('solver', 0, 0)], 'token')).toEqual([0, 0]);
  });

  it('have mean 0 and variance 1 in every cell that has a deviation', () => {
    const rewards = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(rewards, (values) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1e-3);
        const advantages = taskRelativeAdvantages(
          values.map((reward) => episode('solver', reward)),
          'sequence',
        );
        const mean = advantages.reduce((sum, a) => sum + a, 0) / advantages.length;
        const square = advantages.reduce((sum, a) => sum + a * a, 0) / advantages.length;
        expect(mean).toBeCloseTo(0, 6);
        expect(square).toBeCloseTo(1, 6);
      }),
      { seed: 1 },
    );
  });
});
