import fc from 'fast-check';
import { scored } from '../../../../test/support/scored-proposal';
import { answerDiversity } from './answer-diversity';
import { complexity } from './complexity';
import { editDistance, meanEditDistance } from './edit-distance';
import { halstead } from './halstead';

const metrics = { cognitive: 0, cyclomatic: 1, volume: 0, effort: 0 };

describe('the intrinsic terms', () => {
  it('take cognitive complexity over 15', () => {
    expect(complexity(scored(4, { metrics: { ...metrics, cognitive: 30 } }))).toBe(2);
  });

  it.each([
    [{ effort: 5_000, cyclomatic: 5, volume: 250 }, 0.5],
    [{ effort: 1e9, cyclomatic: 99, volume: 1e9 }, 1],
    [{ effort: 0, cyclomatic: 1, volume: 0 }, 0.03],
  ])('take Halstead’s measures each up to its scale: %j', (measured, expected) => {
    expect(halstead(scored(4, { metrics: { ...metrics, ...measured } }))).toBeCloseTo(expected, 12);
  });

  it('take the share of other answers in the buffer', () => {
    const knownAnswers = new Map([
      ['1', 1],
      ['2', 3],
    ]);
    expect(answerDiversity(scored(4, { answer: '2', knownAnswers }))).toBe(0.25);
    expect(answerDiversity(scored(4, { answer: '3', knownAnswers }))).toBe(1);
    expect(answerDiversity(scored(4, { answer: '3' }))).toBe(1);
  });

  it('take the mean edit distance to the references', () => {
    const references = ['a b c d', 'a b c e', 'w x y z'];
    expect(meanEditDistance(scored(4, { program: 'a b c d', references }))).toBeCloseTo((0 + 1 / 4 + 1) / 3, 12);
    expect(meanEditDistance(scored(4, { references: [] }))).toBe(1);
  });
});

describe('the edit distance of programs', () => {
  it.each([
    ['', '', 0],
    ['a b', '', 1],
    ['k i t t e n', 's i t t i n g', 3 / 7],
    ['def f(x): return x+1', 'def f( x ):\n  return x + 1', 0],
    ['def f(x): return x+1', 'def f(x): return x+10', 1 / 10],
  ])('of %j and %j is %p', (one, other, expected) => {
    expect(editDistance(one, other)).toBe(expected);
  });

  it('is a distance: symmetric, 0 for the same alone, and bounded by what must be written and by 1', () => {
    const program = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(program, program, program, (a, b, c) => {
        const between = (x: string[], y: string[]): number => editDistance(x.join(' '), y.join(' '));
        const steps = (x: string[], y: string[]): number => between(x, y) * Math.max(x.length, y.length);
        expect(between(a, b)).toBe(between(b, a));
        expect(between(a, b) === 0).toBe(a.join() === b.join());
        expect(steps(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length) - 1e-9);
        expect(between(a, b)).toBeLessThanOrEqual(1);
        expect(steps(a, c)).toBeLessThanOrEqual(steps(a, b) + steps(b, c) + 1e-9);
      }),
      { seed: 1 },
    );
  });

  it('of programs of any length takes bounded time: only their first 1,024 tokens count', () => {
    const long = 'x '.repeat(200_000);
    expect(editDistance(long, `${'x '.repeat(1_024)}y`)).toBe(0);
  });
});
