import { solveRate, wilsonInterval } from './solve-rate';

describe('wilsonInterval', () => {
  it.each([
    // Reference values: R's prop.test(correct = FALSE).
    [5, 10, 0.236593, 0.763407],
    [0, 20, 0, 0.161125],
    [100, 100, 0.963005, 1],
  ])('of %i in %i is [%f, %f]', (solved, samples, low, high) => {
    const interval = wilsonInterval(solveRate(solved, samples));
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  it('is everything where there are no samples', () => {
    expect(wilsonInterval(solveRate(0, 0))).toEqual({ low: 0, high: 1 });
    expect(solveRate(0, 0).rate).toBe(0);
  });
});
