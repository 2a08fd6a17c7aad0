import { execFileSync } from 'node:child_process';
import { ValueSyntaxError, parseArguments } from '../../src/domain/value';
import { isPrintable } from '../../src/domain/value/repr/printable';
import { PYTHON } from '../../src/embedded/installation';
import { marshalArguments } from '../../src/executor/marshal';
import { fuzz } from '../fuzz/fuzz';
import { Oracle, type OraclePair, type OracleText } from '../support/values/oracle';

const SEED = 20240229;
const VALUES = 1200;
/** The version of Unicode that canonical texts and names are pinned to, that of CPython 3.11. */
const PINNED = '14.0.0';

/** What CPython says of every code point. */
const ofEachCodePoint = (expression: string): { isPinned: boolean; says: string } => {
  const script = [
    'import sys, unicodedata',
    'print(unicodedata.unidata_version)',
    `print("".join("01"[${expression}] for c in map(chr, range(sys.maxunicode + 1))))`,
  ].join('\n');
  const answer = execFileSync(PYTHON, ['-c', script], { encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 24 });
  const [version, says = ''] = answer.split('\n');
  return { isPinned: version === PINNED, says };
};

/** The code points on which we differ; those that a later Unicode has come to know are none. */
const differences = (expression: string, ours: (point: number) => boolean): string[] => {
  const { isPinned, says } = ofEachCodePoint(expression);
  expect(says).toHaveLength(0x110000);
  return Array.from(says, (_, point) => point)
    .filter((point) => ours(point) !== (says[point] === '1') && (isPinned || ours(point)))
    .map((point) => point.toString(16));
};

const isName = (name: string): boolean => {
  try {
    return parseArguments(`${name}=1`).keyword.length === 1;
  } catch (error) {
    if (error instanceof ValueSyntaxError) return false;
    throw error;
  }
};

describe('values against CPython', () => {
  it('are read, refused, written, compared and passed on as it does, in every spelling and mutation', async () => {
    const result = await fuzz({ cases: VALUES, seed: SEED, oracles: 1 });
    expect(result.examples).toEqual([]);
    expect(result.mismatches).toBe(0);
    expect(result.values).toBe(VALUES);
    expect(result.texts.value.accepted).toBe(result.texts.value.made);
    for (const origin of ['expression', 'arguments', 'mutant'] as const) {
      const { made, accepted } = result.texts[origin];
      expect(accepted).toBeGreaterThan(made / 20);
      expect(accepted).toBeLessThan(made);
    }
    expect(result.pairs.strict).toBeGreaterThan(result.pairs.compared / 20);
    expect(result.pairs.python).toBeGreaterThan(result.pairs.strict);
    expect(result.pairs.compared).toBeGreaterThan(result.pairs.python);
    expect(result.literals).toBeGreaterThan(VALUES / 4);
  }, 120_000);

  it('are compared with an oracle that says where we would be wrong', async () => {
    const marshalled = marshalArguments(parseArguments('2')).toString('base64');
    const texts: OracleText[] = [
      { kind: 'value', text: '1', ours: '1' },
      { kind: 'value', text: 'True', ours: 'True' },
      { kind: 'value', text: '1', ours: '1.0' },
      { kind: 'value', text: '1', ours: null },
      { kind: 'value', text: '1 if 1 else 1', ours: '1' },
      { kind: 'value', text: `set(range(${1 << 15}))`, ours: 'set()' },
      { kind: 'arguments', text: 'a=1, a=1', ours: 'a=1' },
      { kind: 'arguments', text: '1', ours: '1', marshalled },
    ];
    const pairs: OraclePair[] = [
      [0, 1, false, true],
      [0, 1, true, true],
      [0, 1, false, false],
    ];
    const oracle = new Oracle();
    try {
      const { disagreements, literals } = await oracle.ask(texts, pairs);
      expect(disagreements.map(({ what }) => what)).toEqual([
        'we read 1.0, and CPython 1',
        'we refuse it, and CPython reads 1',
        'we read 1, and CPython refuses: Refused: IfExp',
        'we read set(), and CPython refuses: OverBound: too much work',
        'we read a=1, and CPython refuses: Refused: a name again',
        'the executor builds ([2], {})',
        'we say strict True, python True of this and True',
        'we say strict False, python False of this and True',
      ]);
      expect(literals.slice(0, 2)).toEqual(['1', 'True']);
    } finally {
      await oracle.stop();
    }
  });

  it('have the characters printed that CPython prints', () => {
    expect(differences('c.isprintable()', isPrintable)).toEqual([]);
  }, 60_000);

  it('have the characters in the names of arguments that CPython has', () => {
    // The rest of the characters are refused by the lexer, one by one too slowly for a test.
    const mayBeIn = (point: number): boolean => /\p{XIDC}/u.test(String.fromCodePoint(point));
    const starts = (point: number): boolean => mayBeIn(point) && isName(String.fromCodePoint(point));
    const follows = (point: number): boolean => mayBeIn(point) && isName(`x${String.fromCodePoint(point)}`);
    expect(differences('c.isidentifier()', starts)).toEqual([]);
    expect(differences('("x" + c).isidentifier()', follows)).toEqual([]);
  }, 60_000);
});
