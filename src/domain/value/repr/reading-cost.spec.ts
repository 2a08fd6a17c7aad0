import fc from 'fast-check';
import { arbitraryValue } from '../../../../test/support/values/arbitrary-value';
import { PyValue, ValueSyntaxError, canonicalText, parseArguments, parseValue, pyRange, pyTuple } from '..';
import { MAX_DEPTH, MAX_LENGTH, MAX_WORK } from '../limits';
import { ReadingCost } from './reading-cost';

const costOf = (value: PyValue): ReadingCost => {
  const cost = new ReadingCost();
  cost.value(value);
  return cost;
};

const isRead = (text: string): boolean => {
  try {
    parseValue(text);
    return true;
  } catch (error) {
    if (error instanceof ValueSyntaxError) return false;
    throw error;
  }
};

/** A list of the value and of as many ones as make up the units. */
const withUnits = (value: PyValue, units: number): string =>
  `[${canonicalText(value)},${'1,'.repeat(units - 1 - costOf(value).units)}]`;

describe('what it costs to read a canonical text', () => {
  it('is what the parser charges', () => {
    const law = fc.property(arbitraryValue, (value) => {
      expect(isRead(withUnits(value, MAX_WORK))).toBe(true);
      expect(isRead(withUnits(value, MAX_WORK + 1))).toBe(false);
    });
    fc.assert(law, { seed: 3, numRuns: 5 });
  });

  it('has the levels that the parser counts', () => {
    const law = fc.property(arbitraryValue, (value) => {
      const within = (levels: number): string => '['.repeat(levels) + canonicalText(value) + ']'.repeat(levels);
      const left = MAX_DEPTH - costOf(value).levels;
      expect(isRead(within(left))).toBe(true);
      expect(isRead(within(left + 1))).toBe(false);
    });
    fc.assert(law, { seed: 3, numRuns: 300 });
  });

  it('is never shorter than the text', () => {
    const law = fc.property(arbitraryValue, (value) => {
      const { strings, others } = costOf(value);
      expect(strings + others).toBeGreaterThanOrEqual(canonicalText(value).length);
    });
    fc.assert(law, { seed: 3, numRuns: 1000 });
  });

  it.each([
    ['levels of its own', '['.repeat(MAX_DEPTH), '1e999', ']'.repeat(MAX_DEPTH)],
    ['the levels of a tuple', `1,${'['.repeat(MAX_DEPTH)}`, '1', ']'.repeat(MAX_DEPTH)],
    ['the levels of a sum', '['.repeat(MAX_DEPTH), '1+1j', ']'.repeat(MAX_DEPTH)],
    ['its work', '[', '1e999,'.repeat(MAX_WORK / 3), ']'],
    ['its escapes', "'", '\x01'.repeat(MAX_LENGTH / 2), "'"],
    ['its digits', `['${'a'.repeat(MAX_LENGTH * 0.8)}',`, '1e15,'.repeat(MAX_WORK / 2), ']'],
  ])('refuses what could not be read back for %s', (_, open, inner, close) => {
    expect(() => parseValue(open + inner + close)).toThrow('over a bound in its canonical text');
  });

  it('refuses such arguments too', () => {
    const deep = `${'['.repeat(MAX_DEPTH)}1e999${']'.repeat(MAX_DEPTH)}`;
    expect(() => parseArguments(`1, a=${deep}`)).toThrow('over a bound in its canonical text');
    expect(() => parseArguments(deep.replace('1e999', '1'))).not.toThrow();
  });

  it('reads the largest value of a kind, and its canonical text', () => {
    const largest = [
      `'${'\x01'.repeat(MAX_LENGTH / 4 - 1)}'`,
      `set(range(${MAX_WORK / 2 - 8}))`,
      `[${'-1j,'.repeat(MAX_WORK / 5 - 1)}]`,
      `['${'a'.repeat(MAX_LENGTH * 0.6)}',${'1e15,'.repeat(MAX_WORK / 2)}]`,
      '['.repeat(MAX_DEPTH - 1) + '1e999' + ']'.repeat(MAX_DEPTH - 1),
    ];
    for (const text of largest) expect(isRead(canonicalText(parseValue(text)))).toBe(true);
  });

  it('counts the bounds of a range, its step where there is one', () => {
    expect(costOf(pyRange(0n, 1n)).units).toBe(7);
    expect(costOf(pyRange(-1n, 1n, 2n)).units).toBe(9);
    expect(costOf(pyTuple([])).units).toBe(1);
  });
});
