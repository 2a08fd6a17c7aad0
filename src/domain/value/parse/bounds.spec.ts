import { HOSTILE_TEXTS, filled } from '../../../../test/support/values/hostile-texts';
import { canonicalText, parseValue } from '..';
import { MAX_LENGTH, MAX_DEPTH, MAX_WORK } from '../limits';
import { ValueSyntaxError } from './value-syntax-error';

const refusal = (text: string): ValueSyntaxError => {
  try {
    parseValue(text);
  } catch (error) {
    if (error instanceof ValueSyntaxError) return error;
    throw error;
  }
  throw new Error('the text was read');
};

describe('bounds of a text', () => {
  it('reads 50 levels of any container and refuses 2,000', () => {
    const levels = [
      ['[', ']'],
      ['(', ',)'],
      ['{1:', '}'],
      ['frozenset({', '})'],
      ['dict([(1,', ')])'],
    ] as const;
    for (const [open, close] of levels) {
      const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
      expect(canonicalText(parseValue(nested(50)))).toContain('1');
      expect(refusal(nested(2000)).message).toContain(`nested deeper than ${MAX_DEPTH} levels`);
    }
  });

  it.each(['[', '(', '{', '-', '~', '2**', '2**-', 'frozenset(', '{1:'])('stops early at an endless %s', (piece) =>
    expect(refusal(filled(piece)).offset).toBeLessThan(2 * MAX_DEPTH * piece.length),
  );

  it('refuses a text over the length, unread', () => {
    expect(refusal('1'.repeat(MAX_LENGTH + 1)).message).toContain('longer than 1048576');
  });

  it('has integers of 4,300 digits, however they are written', () => {
    const largest = 10n ** 4300n - 1n;
    for (const text of [`${largest}`, `-${largest}`, `0x${largest.toString(16)}`, `0b000${largest.toString(2)}`]) {
      expect(canonicalText(parseValue(text)).replace('-', '')).toBe(`${largest}`);
    }
    const powers = ['9**9**9', '2**10**18', '(10**4000)**2'];
    for (const text of [`1${largest}`, `0x${(largest + 1n).toString(16)}`, `${largest} + 1`, ...powers]) {
      expect(refusal(text).message).toContain('4300 digits');
    }
  });

  it.each(['set(range(10**18))', 'frozenset(range(-10**30, 10**30))', 'bytes(10**12)', 'bytes(range(10**9))'])(
    'does not go on building %s',
    (text) => expect(refusal(text).message).toContain('too many values'),
  );

  it('charges arithmetic by the size of its numbers', () => {
    expect(refusal(filled('9**4000,')).offset).toBeLessThan(MAX_WORK / 8);
    expect(refusal(filled('1e-300**9,')).offset).toBeLessThan(MAX_WORK / 4);
    expect(refusal(filled('set(range(1000)),')).offset).toBeLessThan(MAX_WORK / 32);
  });

  it('reads no more values than its work allows', () => {
    expect(refusal(filled('1,')).offset).toBe(2 * MAX_WORK);
    expect(refusal(filled("'a'")).offset).toBe(3 * MAX_WORK);
    expect(refusal(filled('1+')).offset).toBeLessThanOrEqual(MAX_WORK);
    expect(refusal(filled('1,', '{')).offset).toBe(2 * MAX_WORK - 1);
    expect(refusal(`{${'1,'.repeat(MAX_WORK / 2 + 1)}}`).offset).toBe(0);
  });

  // What they cost is for the benchmark to measure; a cost that grows with the square of the length would be minutes.
  it.each(Object.entries(HOSTILE_TEXTS))(
    'reads or refuses %s in linear time',
    (_, text) => {
      const start = performance.now();
      try {
        parseValue(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ValueSyntaxError);
      }
      expect(performance.now() - start).toBeLessThan(10_000);
    },
    20_000,
  );
});
