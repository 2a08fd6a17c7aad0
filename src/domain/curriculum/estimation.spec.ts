import fc from 'fast-check';
import { estimatedRate, nextSamples, type EstimationSettings } from './estimation';

const fixed: EstimationSettings = { samples: 8, round: 0, settled: 0, priorSolved: 0, priorFailed: 0 };
const adaptive: EstimationSettings = { ...fixed, samples: 16, round: 4, settled: 0.15 };
const taken = (solved: number, samples: number) => ({ solved, samples });

describe('the samples of an estimate', () => {
  it('are all asked for at once without rounds', () => {
    expect(nextSamples(taken(0, 0), fixed)).toBe(8);
    expect(nextSamples(taken(3, 8), fixed)).toBe(0);
  });

  it('come in rounds, the last one smaller, up to the bound', () => {
    const settings = { ...adaptive, samples: 10, settled: 0 };
    expect([0, 4, 8, 10].map((samples) => nextSamples(taken(0, samples), settings))).toEqual([4, 4, 2, 0]);
  });

  it('end once the posterior is settled, earlier at the ends than in the middle', () => {
    // Beta(1, 5): sd √(5 / (36·7)) = 0.141. Beta(3, 3): √(9 / (36·7)) = 0.189. Beta(5, 5): √(25 / (100·11)) = 0.151.
    expect(nextSamples(taken(0, 4), adaptive)).toBe(0);
    expect(nextSamples(taken(2, 4), adaptive)).toBe(4);
    expect(nextSamples(taken(4, 8), adaptive)).toBe(4);
    expect(nextSamples(taken(4, 8), { ...adaptive, settled: 0.152 })).toBe(0);
  });

  it('are at most as many as the bound, whatever is solved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
        fc.integer({ min: 1, max: 9 }),
        (luck, round) => {
          const settings = { ...adaptive, round };
          let [solved, samples] = [0, 0];
          for (
            let next = nextSamples(taken(0, 0), settings);
            next > 0;
            next = nextSamples(taken(solved, samples), settings)
          ) {
            solved += luck.slice(samples, samples + next).filter(Boolean).length;
            samples += next;
          }
          expect(samples).toBeGreaterThanOrEqual(Math.min(round, 16));
          expect(samples).toBeLessThanOrEqual(16);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('the estimated rate', () => {
  it('is the mean of the samples without a prior', () => {
    expect(estimatedRate(taken(1, 8), fixed)).toBe(1 / 8);
  });

  it('is drawn towards the prior with one', () => {
    expect(estimatedRate(taken(1, 8), { ...fixed, priorSolved: 1, priorFailed: 1 })).toBe(2 / 10);
    expect(estimatedRate(taken(0, 0), { ...fixed, priorSolved: 1, priorFailed: 3 })).toBe(1 / 4);
  });

  it('is never NaN', () => {
    expect(estimatedRate(taken(0, 0), fixed)).toBe(0);
  });
});
