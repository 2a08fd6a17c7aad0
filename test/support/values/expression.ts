import { Random } from '../../../src/domain/random/random';
import { onceIn, pick } from './pick';

/**
 * A text of the grammar whose value nobody has chosen: arithmetic, constructors with arguments that suit them and that
 * do not, displays whose keys collide. Python refuses about one in four for its value.
 */
export function expression(random: Random, depth = 3): string {
  const kinds = depth === 0 ? [number] : [arithmetic, arithmetic, display, display, call, number, string];
  return pick(random, kinds)(random, depth - 1);
}

const several = (random: Random, most: number, make: () => string): string =>
  Array.from({ length: random.below(most + 1) }, make).join(pick(random, [',', ', ', ',\n']));

const NUMBERS = [
  ...['0', '1', '2', '3', '7', '10', '0.0', '1.0', '0.5', '1.5', '2.5e3', '1e308', '5e-324', '1e16', '1e-5', '1e999'],
  ...[
    'True',
    'False',
    '0j',
    '1j',
    '-1j',
    '2.5j',
    '1e999j',
    '(0-1j)',
    '(-0.0+1j)',
    '9007199254740993',
    '10**22',
    '10**400',
  ],
  ...[
    '0xff',
    '0b101',
    '0o17',
    '1_000',
    '2**53',
    '2**64',
    '-2**63',
    "float('nan')",
    "float('-inf')",
    "complex('nan-infj')",
  ],
];

function number(random: Random): string {
  switch (random.below(12)) {
    case 0:
      return String(random.uint32());
    case 1:
      return `${random.below(1000)}.${random.below(1000)}`;
    case 2:
      return `${random.below(10)}.${random.uint32()}e${pick(random, ['-', ''])}${random.below(330)}`;
    case 3:
      return betweenDoubles(random);
    default:
      return pick(random, NUMBERS);
  }
}

/** The digits of a number in the middle between two doubles, or next to it. */
function betweenDoubles(random: Random): string {
  const significand = 2n ** 52n + BigInt(random.uint32()) * BigInt(random.below(2 ** 20));
  const middle = (2n * significand + 1n) * 10n ** 20n + BigInt(random.below(3) - 1);
  const places = random.below(40);
  const digits = String(middle * 2n ** BigInt(random.below(60)));
  return `${digits.slice(0, -places || undefined)}.${places === 0 ? '' : digits.slice(-places)}`;
}

const STRINGS = [
  ...[
    "''",
    "'a'",
    '"é"',
    "b'a'",
    "b''",
    "'ab'",
    "'1'",
    "'a' 'b'",
    "r'\\n'",
    "'\\ud83d\\ude00'",
    "'😀'",
    "'''\r\n\r'''",
  ],
  ...[
    "'\\ud83d' '\\ude00'",
    "'\\ud83d' '' '\\ude00'",
    "'\\ud83d' '😀'",
    "'\\777\\400\\8'",
    "b'\\777\\400\\8'",
    "rb'\\''",
  ],
  ...[
    "b'a' b'\\xff'",
    "b'a' 'a'",
    "'\\x4'",
    "'\\U00110000'",
    "'\\N{DIGIT ONE}'",
    "r'\\N{x}'",
    "b'\\N\\u0041'",
    "'a\\\r\nb'",
  ],
];
const string = (random: Random): string => pick(random, STRINGS);

const OPERATORS = ['+', '-', '*', '/', '//', '%', '**'];

/** Operands whose results are exact, zero, one, or in the middle. */
const SMALL = [
  ...['0', '1', '2', '3', '6', '7', '10', '0.0', '0.5', '1.0', '2.5', '3.0', '6.0', '7.5', 'True', 'False'],
  ...['1j', '0j', '(1+1j)', '(1-1j)', '(3-4j)', '(-2.0+0j)', '1e300', '1e-300', '2**53', '2**70'],
];
const small = (random: Random): string => pick(random, ['', '', '-', '~']) + pick(random, SMALL);

function arithmetic(random: Random, depth: number): string {
  const operand = (): string => (onceIn(3, random) ? `(${expression(random, depth)})` : term(random, depth));
  switch (random.below(8)) {
    case 0:
      return pick(random, ['-', '+', '~', '--', '- +', '~-']) + operand();
    case 1:
      return `${operand()}**${pick(random, ['2', '-1', '3', '0', '-2', '17', '0.5', '10.0', '-3.0', '23', '1e2'])}`;
    case 2:
      return `${random.below(200) - 100}${pick(random, ['', '.5', '.1'])}**${pick(random, ['', '-'])}${random.below(40)}`;
    case 3:
    case 4:
    case 5:
      return `${small(random)}${pick(random, OPERATORS)}${small(random)}`;
    default:
      return `${operand()}${pick(random, ['', ' '])}${pick(random, OPERATORS)} ${operand()}`;
  }
}

const term = (random: Random, depth: number): string =>
  depth > 0 && onceIn(3, random) ? arithmetic(random, depth - 1) : number(random);

/** Values of which several are equal, by themselves or as parts of tuples. */
const COLLIDING = [
  ...['0', '0.0', '-0.0', 'False', '0j', '1', '1.0', 'True', '1+0j', "float('nan')", '2**53', 'float(2**53)', '1e999'],
  ...['(1,)', '(True,)', '(1.0,)', "(float('nan'),)", '()', "''", "b''", 'None', '...', 'range(0)', 'range(2, 1)'],
  ...['frozenset()', 'frozenset([1])', 'frozenset({True})', 'frozenset((1.0,))', "'a'", "b'a'", 'range(1, 2, 3)'],
];

function display(random: Random, depth: number): string {
  const item = (): string => expression(random, depth);
  const key = (): string => (onceIn(6, random) ? item() : pick(random, COLLIDING));
  const trailing = pick(random, ['', '', ',']);
  switch (random.below(4)) {
    case 0:
      return `[${several(random, 3, item)}]`;
    case 1:
      return `(${item()},${several(random, 3, item)})`;
    case 2:
      return `{${key()},${several(random, 6, key)}}`;
    default:
      return `{${key()}:${item()}${several(random, 5, () => `${key()}:${item()}`).replace(/^/, ',')}${trailing}}`;
  }
}

/** What stands in `float('…')` and `complex('…')`. */
function numberText(random: Random): string {
  const part = (): string =>
    pick(random, ['', '+', '-', '+-', ' ']) +
    pick(random, [
      '1',
      '0',
      '1_0',
      '1__0',
      '.5',
      '5.',
      '.',
      '1e5',
      '1E-3',
      '1e',
      'inf',
      'INFINITY',
      'nan',
      'infin',
      '0x1',
    ]) +
    pick(random, ['', '', '', '_', 'j', 'J', 'jj']);
  const text = pick(random, [
    part(),
    part() + part(),
    `${part()}+${part()}`,
    `(${part()})`,
    '',
    ' ',
    'j',
    '-j',
    '()',
    '٣',
  ]);
  return pick(random, ['', ' ', '\\n', '\\x0b', '\\xa0', '\\0']) + text + pick(random, ['', '', ' ', '\\t', '\\x1c']);
}

function call(random: Random, depth: number): string {
  const item = (): string => expression(random, depth);
  const iterable = (): string =>
    pick(random, [
      () => `[${several(random, 4, () => pick(random, COLLIDING))}]`,
      () => display(random, depth),
      () => pick(random, ["'abca'", "b'aba'", "''", "b''", '{}', 'set()', 'range(5)', 'range(9, 0, -3)', '()']),
      item,
    ])();
  switch (random.below(9)) {
    case 0:
      return `set(${pick(random, ['', iterable()])})`;
    case 1:
      return `frozenset(${pick(random, ['', iterable()])})`;
    case 2:
      return `dict(${pick(random, ['', iterable(), `[${several(random, 3, () => pair(random, depth))}]`])})`;
    case 3:
      return `dict(${several(random, 1, () => `{${pick(random, COLLIDING)}: 1},`)}${several(random, 3, () => named(random, depth))})`;
    case 4:
      return `range(${several(random, 3, () => pick(random, ['0', '1', '-1', '5', 'True', '10**30', '2.0', "'1'"]))})`;
    case 5:
      return `bytes(${pick(random, ['', '3', '0', '-1', "''", 'True', '[1, 255]', '[256]', '(1, True)', iterable()])})`;
    case 6:
      return `float(${pick(random, ['', item(), number(random), `'${numberText(random)}'`, `'${numberText(random)}'`])})`;
    case 7:
      return `complex(${pick(random, [`'${numberText(random)}'`, several(random, 3, () => number(random)), item()])})`;
    default:
      return `${pick(random, ['list', 'tuple', 'str', 'int', 'bool', 'abs', 'set ', '(set)', 'frozenset\\\n'])}(${iterable()})`;
  }
}

const pair = (random: Random, depth: number): string =>
  pick(random, [
    `(${pick(random, COLLIDING)}, ${expression(random, depth)})`,
    `[${pick(random, COLLIDING)}, 1]`,
    "'ab'",
    '(1,)',
    '{1, 2}',
  ]);

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
export const named = (random: Random, depth: number): string =>
  `${pick(random, NAMES)}${pick(random, ['=', ' = '])}${expression(random, depth)}`;
