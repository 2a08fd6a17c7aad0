import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { Random } from '../../src/domain/random/random';
import {
  PyValue,
  ValueSyntaxError,
  canonicalArguments,
  canonicalText,
  equalValues,
  parseArguments,
  parseValue,
} from '../../src/domain/value';
import { isPrintable } from '../../src/domain/value/repr/printable';
import { PYTHON } from '../../src/embedded/installation';
import { arbitraryValue } from '../support/values/arbitrary-value';
import { mutate } from '../support/values/mutation';
import { spell } from '../support/values/spelling';

const SEED = 20240229;
const VALUES = 400;

interface Entry {
  kind: 'value' | 'arguments';
  text: string;
  ours: string | null;
}

const read = (kind: Entry['kind'], text: string): Entry => {
  try {
    const isValue = kind === 'value';
    return { kind, text, ours: isValue ? canonicalText(parseValue(text)) : canonicalArguments(parseArguments(text)) };
  } catch (error) {
    if (error instanceof ValueSyntaxError) return { kind, text, ours: null };
    throw error;
  }
};

type Pair = readonly [first: number, second: number, strict: boolean, python: boolean];

/** What CPython says about them that we do not. */
const disagreements = (texts: readonly Entry[], pairs: readonly Pair[] = []): string[] => {
  const oracle = join(__dirname, '../support/values/oracle.py');
  const answer = execFileSync(PYTHON, [oracle], {
    input: JSON.stringify({ texts, pairs }),
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 28,
  });
  return JSON.parse(answer) as string[];
};

describe('values against CPython', () => {
  const values = fc.sample(arbitraryValue, { numRuns: VALUES, seed: SEED });
  const spelled = values.map((value, index) => spell(value, new Random(SEED, 'spelling', index)));

  it('reads and writes generated spellings as CPython does', () => {
    expect(disagreements(spelled.map((text) => read('value', text)))).toEqual([]);
  });

  it('accepts and refuses mutated texts as CPython does', () => {
    const random = new Random(SEED, 'mutants');
    const mutants = spelled.flatMap((text) => [mutate(text, random), mutate(text, random)]);
    const entries = mutants.map((text) => read('value', text));
    expect(entries.filter(({ ours }) => ours !== null).length).toBeGreaterThan(entries.length / 20);
    expect(disagreements(entries)).toEqual([]);
  });

  it('reads argument lists as CPython binds them', () => {
    const random = new Random(SEED, 'arguments');
    const lists = spelled.map((text, index) => {
      const [second, third] = [spelled[(index + 1) % spelled.length]!, spelled[(index + 2) % spelled.length]!];
      const kinds = ['', text, `${text},${second}`, `${text},a=${second},\nb = ${third},`, `x=${text},${second}`];
      return index % 3 === 0 ? mutate(kinds[index % 5]!, random) : kinds[index % 5]!;
    });
    expect(disagreements(lists.map((text) => read('arguments', text)))).toEqual([]);
  });

  it('prints the characters that CPython prints', () => {
    const script = [
      'import sys, unicodedata',
      'print(unicodedata.unidata_version)',
      'print("".join("01"[chr(c).isprintable()] for c in range(sys.maxunicode + 1)))',
    ].join('\n');
    const answer = execFileSync(PYTHON, ['-c', script], { encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 24 });
    const [version, theirs = ''] = answer.split('\n');
    const isPinned = version === '14.0.0'; // a later version prints more
    const wrong = Array.from(theirs, (_, point) => point).filter((point) => {
      const [ours, python] = [isPrintable(point), theirs[point] === '1'];
      return isPinned ? ours !== python : ours && !python;
    });
    expect(theirs).toHaveLength(0x110000);
    expect(wrong).toEqual([]);
  });

  it('compares values as CPython does', () => {
    const random = new Random(SEED, 'pairs');
    const texts = values.flatMap((value) => {
      const text = canonicalText(value);
      return [text, spell(value, random), mutate(text, random)];
    });
    const entries = texts.map((text) => read('value', text)).filter(({ ours }) => ours !== null);
    const parsed: PyValue[] = entries.map(({ text }) => parseValue(text));
    const pairs = entries.flatMap((_, index) =>
      [1, 2, 3].map((distance) => {
        const other = Math.min(index + distance, entries.length - 1);
        const [a, b] = [parsed[index]!, parsed[other]!];
        return [index, other, equalValues(a, b, 'strict'), equalValues(a, b, 'python')] as const;
      }),
    );
    const different = pairs.filter(([first, second]) => first !== second);
    expect(different.some(([, , strict]) => strict)).toBe(true);
    expect(disagreements(entries, different)).toEqual([]);
  });
});
