import { Random } from '../../../src/domain/random/random';
import { number, numberInQuotes } from './number-texts';
import { pick, several } from './pick';

/** Values of which several are equal, by themselves or as parts of tuples. */
export const COLLIDING = [
  ...['0', '0.0', '-0.0', 'False', '0j', '1', '1.0', 'True', '1+0j', "float('nan')", '2**53', 'float(2**53)', '1e999'],
  ...['(1,)', '(True,)', '(1.0,)', "(float('nan'),)", '()', "''", "b''", 'None', '...', 'range(0)', 'range(2, 1)'],
  ...['frozenset()', 'frozenset([1])', 'frozenset({True})', 'frozenset((1.0,))', "'a'", "b'a'", 'range(1, 2, 3)'],
];

const ITERABLES = ["'abca'", "b'aba'", "''", "b''", '{}', 'set()', 'range(5)', 'range(9, 0, -3)', '()'];
const BOUNDS = ['0', '1', '-1', '5', 'True', '10**30', '2.0', "'1'"];
const BYTES = ['', '3', '0', '-1', "''", 'True', '[1, 255]', '[256]', '(1, True)', '{1: 2}', '{1}', 'range(250, 257)'];
const OTHERS = ['list', 'tuple', 'str', 'int', 'bool', 'abs', 'set ', '(set)', 'frozenset\\\n', 'set().union', 'ｓet'];
const NAMES = [
  'a',
  'b',
  'ﬁ',
  'fi',
  'é',
  'e\u0301',
  'match',
  '_',
  'None',
  'if',
  'Ellipsis',
  '__debug__',
  'ｉｆ',
  'ª',
  'a·b',
];

/** An argument with a name. */
export const named = (random: Random, item: () => string): string =>
  `${pick(random, NAMES)}${pick(random, ['=', ' = '])}${item()}`;

/**
 * A call of a constructor with what suits it or does not, or a call of something else.
 * @param item makes the text of any value
 */
export function constructorText(random: Random, item: () => string): string {
  const colliding = (): string => pick(random, COLLIDING);
  const iterable = (): string =>
    pick(random, [`[${several(random, 4, colliding)}]`, pick(random, ITERABLES), item(), '']);
  const calls: [name: string, args: () => string][] = [
    ['set', iterable],
    ['frozenset', iterable],
    ['dict', () => pick(random, [iterable(), `[${several(random, 3, () => pair(random, item))}]`])],
    ['dict', () => pick(random, ['', `{${colliding()}: 1},`]) + several(random, 3, () => named(random, item))],
    ['range', () => several(random, 3, () => pick(random, BOUNDS))],
    ['bytes', () => pick(random, [pick(random, BYTES), iterable()])],
    ['float', () => pick(random, ['', item(), number(random), numberInQuotes(random), numberInQuotes(random)])],
    ['complex', () => pick(random, [numberInQuotes(random), several(random, 3, () => number(random)), item()])],
    [pick(random, OTHERS), iterable],
  ];
  const [name, args] = pick(random, calls);
  return `${name}(${args()})`;
}

const pair = (random: Random, item: () => string): string =>
  pick(random, [
    `(${pick(random, COLLIDING)}, ${item()})`,
    `[${pick(random, COLLIDING)}, 1]`,
    "'ab'",
    '(1,)',
    '{1, 2}',
  ]);
