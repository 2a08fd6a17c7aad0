import type { Task } from '../task/task';
import { proposerReward, solverReward } from './composite';

const task: Task = { id: 't', type: 'deduction', program: 'def f(x): return x', input: '1', output: '1' };
const accepted = { outcome: 'accepted', task } as const;
const rejected = { outcome: 'rejected', reason: 'exception', detail: '' } as const;
const malformed = { outcome: 'malformed', reason: 'malformed', detail: '' } as const;

describe('the proposer', () => {
  const rewards = { malformedReward: -1, rejectedReward: -0.75, unlearnableReward: -0.5 };

  it.each([1 / 8, 0.5, 7 / 8])('earns 1 − r̄ for a task that some samples solve (r̄ = %p)', (rate) => {
    expect(proposerReward(accepted, rate, rewards)).toBe(1 - rate);
  });

  it.each([0, 1])('earns the reward of the unlearnable when r̄ = %p', (rate) => {
    expect(proposerReward(accepted, rate, rewards)).toBe(-0.5);
  });

  it('earns the penalty of its failure, whatever the solve rate', () => {
    expect(proposerReward(rejected, 0.5, rewards)).toBe(-0.75);
    expect(proposerReward(malformed, 0.5, rewards)).toBe(-1);
  });
});

describe('the solver', () => {
  const rewards = { malformedReward: -1, wrongReward: -0.5 };

  it('earns 1 for a right answer, −0.5 for a wrong one, −1 for a malformed one', () => {
    expect(solverReward({ outcome: 'correct' }, rewards)).toBe(1);
    expect(solverReward({ outcome: 'incorrect', reason: 'wrong_value', detail: '' }, rewards)).toBe(-0.5);
    expect(solverReward({ outcome: 'malformed', reason: 'malformed', detail: '' }, rewards)).toBe(-1);
  });
});
