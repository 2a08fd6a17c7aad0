import { solverReward } from './composite';

describe('the solver', () => {
  const rewards = { malformedReward: -1, wrongReward: -0.5 };

  it('earns 1 for a right answer, −0.5 for a wrong one, −1 for a malformed one', () => {
    expect(solverReward({ outcome: 'correct' }, rewards)).toBe(1);
    expect(solverReward({ outcome: 'incorrect', reason: 'wrong_value', detail: '' }, rewards)).toBe(-0.5);
    expect(solverReward({ outcome: 'malformed', reason: 'malformed', detail: '' }, rewards)).toBe(-1);
  });
});
