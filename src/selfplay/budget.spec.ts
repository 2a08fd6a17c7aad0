import { Budget } from './budget';

let now = 0;
const clock = () => now;
const taking = (seconds: number) => ({ outcome: { seconds: { rollout: seconds } } });

beforeEach(() => (now = 100));

describe('a budget', () => {
  it('of steps allows exactly so many, whatever they take', () => {
    const budget = new Budget({ steps: 2, spentBefore: 0, start: 100 }, clock);
    expect(budget.allowsAnotherStep([], false, 1_000)).toBe(true);
    expect(budget.allowsAnotherStep([taking(500)], false, 1_000)).toBe(true);
    expect(budget.allowsAnotherStep([taking(500), taking(500)], false, 1_000)).toBe(false);
    expect(budget.leftSeconds()).toBeUndefined();
  });

  it('of time begins no step that would not end in it, its own end included', () => {
    const budget = new Budget({ seconds: 60, spentBefore: 0, start: 100 }, clock);
    now = 130;
    expect(budget.leftSeconds()).toBe(30);
    expect(budget.allowsAnotherStep([taking(20)], false, 9)).toBe(true);
    expect(budget.allowsAnotherStep([taking(20)], false, 10)).toBe(false);
  });

  it('counts what earlier calls have spent of it', () => {
    const budget = new Budget({ seconds: 60, spentBefore: 45, start: 100 }, clock);
    now = 110;
    expect(budget.spentSeconds()).toBe(55);
    expect(budget.allowsAnotherStep([], false, 6)).toBe(false);
  });

  it('allows nothing more when someone asked to stop', () => {
    const budget = new Budget({ steps: 9, spentBefore: 0, start: 100 }, clock);
    expect(budget.allowsAnotherStep([], true, 0)).toBe(false);
    expect(budget.allowsMore(true, 0)).toBe(false);
    expect(budget.allowsMore(false, 0)).toBe(true);
  });
});
