import fc from 'fast-check';
import { passAtK } from './pass-at-k';

/** C(n, k), exactly. */
const choose = (n: number, k: number): bigint => {
  let ways = 1n;
  for (let i = 1n; i <= BigInt(k); i++) ways = (ways * (BigInt(n) - i + 1n)) / i;
  return ways;
};
const SCALE = 10n ** 15n;

describe('pass@k', () => {
  it.each([
    [4, 0, 1, 0],
    [4, 4, 4, 1],
    [4, 1, 1, 1 / 4],
    [4, 1, 4, 1],
    [4, 2, 2, 1 - 1 / 6],
    [5, 3, 3, 1], // only two are wrong
    [200, 1, 100, 1 / 2],
  ])('of %d answers, %d of them right, with k = %d, is %d', (samples, correct, k, expected) => {
    expect(passAtK(samples, correct, k)).toBeCloseTo(expected, 12);
  });

  const counts = fc.integer({ min: 1, max: 1_024 }).chain((samples) =>
    fc.record({
      samples: fc.constant(samples),
      correct: fc.integer({ min: 0, max: samples }),
      k: fc.integer({ min: 1, max: samples }),
    }),
  );

  it('is 1 − C(n − c, k) / C(n, k), however large these are', () => {
    fc.assert(
      fc.property(counts, ({ samples, correct, k }) => {
        const failures = samples - correct < k ? 0n : choose(samples - correct, k);
        const exact = 1 - Number((failures * SCALE) / choose(samples, k)) / Number(SCALE);
        expect(passAtK(samples, correct, k)).toBeCloseTo(exact, 10);
      }),
    );
  });

  it('has the mean of the truth: with answers that are right by chance p, 1 − (1 − p)^k', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (samples, p) => {
        for (let k = 1; k <= samples; k++) {
          let mean = 0;
          for (let correct = 0; correct <= samples; correct++) {
            const chance = Number(choose(samples, correct)) * p ** correct * (1 - p) ** (samples - correct);
            mean += chance * passAtK(samples, correct, k);
          }
          expect(mean).toBeCloseTo(1 - (1 - p) ** k, 10);
        }
      }),
    );
  });
});
