import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Random } from './random';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('draws the blocks of SHA-256(name, n), so that another language can draw the same', () => {
    const block = createHash('sha256').update('[7,"proposal",3]#0').digest();
    expect(new Random(7, 'proposal', 3).uint32()).toBe(block.readUInt32LE(0));
    const second = createHash('sha256').update('[7,"proposal",3]#1').digest();
    expect(draws(new Random(7, 'proposal', 3), 9)[8]).toBe(second.readUInt32LE(0));
  });

  it('gives the same draws for the same name and others for any other name', () => {
    expect(draws(new Random(1, 2, 'x'), 20)).toEqual(draws(new Random(1, 2, 'x'), 20));
    expect(draws(new Random(1, 2, 'x'), 4)).not.toEqual(draws(new Random(1, 2, 'y'), 4));
    expect(draws(new Random(1, '2'), 4)).not.toEqual(draws(new Random(1, 2), 4));
  });

  it('draws below a bound, every value about equally often', () => {
    const random = new Random(0, 'bound');
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 7_000; i++) counts[random.below(7)]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('samples without repeats, and everything when more is asked for than there is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(30), fc.nat(40), (seed, size, count) => {
        const items = Array.from({ length: size }, (_, i) => i);
        const sample = new Random(seed).sample(items, count);
        expect(sample).toHaveLength(Math.min(size, count));
        expect(new Set(sample).size).toBe(sample.length);
      }),
      { seed: 1 },
    );
  });
});
