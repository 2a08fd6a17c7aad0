import fc from 'fast-check';
import { arbitraryValue } from '../../../test/support/values/arbitrary-value';
import { mutate } from '../../../test/support/values/mutation';
import { spell } from '../../../test/support/values/spelling';
import { Random } from '../random/random';
import { PyValue, ValueSyntaxError, canonicalText, equalValues, parseValue, pyDict } from '.';

const RUNS = { seed: 7, numRuns: 400 };
const random = fc.nat().map((seed) => new Random(seed));

const shuffled = (value: PyValue): PyValue => {
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return { ...value, items: value.items.map(shuffled) };
    case 'set':
    case 'frozenset':
      return { ...value, members: value.members.map(shuffled).reverse() };
    case 'dict':
      return pyDict(value.entries.map(([key, item]) => [shuffled(key), shuffled(item)] as const).reverse());
    default:
      return value;
  }
};

describe('any value', () => {
  it('reads back from its canonical text', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        const text = canonicalText(value);
        const again = parseValue(text);
        expect(equalValues(again, value, 'strict')).toBe(true);
        // The repr of a complex number can lose the sign of a zero, and the text of the value read back shows that.
        if (!text.includes('j')) expect(canonicalText(again)).toBe(text);
      }),
      RUNS,
    );
  });

  it('is the same in each of its spellings', () => {
    fc.assert(
      fc.property(arbitraryValue, random, (value, source) => {
        expect(equalValues(parseValue(spell(value, source)), value, 'strict')).toBe(true);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of sets and dicts', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => equalValues(value, shuffled(value), 'strict')),
      RUNS,
    );
  });

  it('equals by == whatever it equals strictly, unless there is a NaN', () => {
    fc.assert(
      fc.property(arbitraryValue, arbitraryValue, (a, b) => {
        const isStrict = equalValues(a, b, 'strict');
        if (isStrict && !canonicalText(a).includes('nan')) expect(equalValues(a, b, 'python')).toBe(true);
        expect(equalValues(b, a, 'strict')).toBe(isStrict);
      }),
      RUNS,
    );
  });

  it('is read or refused in any mutation, with an offset within the text', () => {
    fc.assert(
      fc.property(arbitraryValue, random, (value, source) => {
        const text = mutate(canonicalText(value), source);
        try {
          parseValue(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueSyntaxError);
          expect((error as ValueSyntaxError).offset).toBeLessThanOrEqual(text.length);
        }
      }),
      RUNS,
    );
  });
});
