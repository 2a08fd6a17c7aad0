import fc from 'fast-check';
import { solveRate, wilsonInterval } from '../domain/curriculum/solve-rate';
import { meanInterval, meanOf } from './mean-interval';

const repeated = (share: number, count: number): number[] => Array.from({ length: count }, () => share);

describe('the interval of a mean over tasks', () => {
  it('with one answer a task is Wilson’s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (right, wrong) => {
        const { low, high } = meanInterval([...repeated(1, right), ...repeated(0, wrong)], 1);
        const expected = wilsonInterval(solveRate(right, right + wrong));
        expect(low).toBeCloseTo(expected.low, 10);
        expect(high).toBeCloseTo(expected.high, 10);
      }),
    );
  });

  it('is that of the closed form: 4 of 8 on each of 10 tasks are 80 answers, 8 of 8 on half of them are 10', () => {
    expect(meanInterval(repeated(0.5, 10), 8)).toEqual(wilsonInterval(solveRate(40, 80)));
    const { low, high } = meanInterval([...repeated(1, 5), ...repeated(0, 5)], 8);
    expect([low, high]).toEqual([
      expect.closeTo(wilsonInterval(solveRate(5, 10)).low, 10),
      expect.closeTo(wilsonInterval(solveRate(5, 10)).high, 10),
    ]);
  });

  it('where all or none are right counts tasks, not answers', () => {
    expect(meanInterval(repeated(1, 10), 8)).toEqual(wilsonInterval(solveRate(10, 10)));
    expect(meanInterval(repeated(0, 10), 8)).toEqual(wilsonInterval(solveRate(0, 10)));
    expect(meanInterval([], 8)).toEqual({ low: 0, high: 1 });
  });

  it('lies about the mean, between those of as many tasks and as many answers', () => {
    const shares = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(shares, (solved) => {
        const of = solved.map((count) => count / 8);
        const mean = meanOf(of);
        const { low, high } = meanInterval(of, 8);
        const widest = wilsonInterval({ solved: mean * of.length, samples: of.length, rate: mean });
        const narrowest = wilsonInterval({ solved: mean * of.length * 8, samples: of.length * 8, rate: mean });
        const slack = 1e-9;
        expect(low).toBeLessThanOrEqual(mean + slack);
        expect(high).toBeGreaterThanOrEqual(mean - slack);
        expect(high - low).toBeLessThanOrEqual(widest.high - widest.low + slack);
        expect(high - low).toBeGreaterThanOrEqual(narrowest.high - narrowest.low - slack);
      }),
    );
  });
});
