import { Random } from '../../../src/domain/random/random';
import { onceIn, pick } from './pick';

const NUMBERS = [
  ...['0', '1', '2', '3', '7', '10', '0.0', '1.0', '0.5', '1.5', '2.5e3', '1e308', '5e-324', '1e16', '1e-5', '1e999'],
  ...['True', 'False', '0j', '1j', '-1j', '2.5j', '1e999j', '(0-1j)', '(-0.0+1j)', '9007199254740993', '10**22'],
  ...['10**400', '0xff', '0b101', '0o17', '1_000', '2**53', '2**64', '-2**63', "float('nan')", "float('-inf')"],
];

/** A number, in one of its spellings or as a short expression. */
export function number(random: Random): string {
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
  const digits = String(middle * 2n ** BigInt(random.below(60)));
  const point = digits.length - random.below(40);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Operands whose results are exact, zero, one, or in the middle. */
const SMALL = [
  ...['0', '1', '2', '3', '6', '7', '10', '0.0', '0.5', '1.0', '2.5', '3.0', '6.0', '7.5', 'True', 'False'],
  ...['1j', '0j', '(1+1j)', '(1-1j)', '(3-4j)', '(-2.0+0j)', '1e300', '1e-300', '2**53', '(2**53+1)', '(2**54+6)'],
];
const OPERATORS = ['+', '-', '*', '/', '//', '%', '**'];
const SIGNS = ['-', '+', '~', '--', '- +', '~-'];
const EXPONENTS = ['2', '-1', '3', '0', '-2', '17', '0.5', '10.0', '-3.0', '23', '1e2'];

/** @param operand makes a text that can stand beside any operator; not always that of a number */
export function arithmetic(random: Random, operand: () => string): string {
  const small = (): string => pick(random, ['', '', '-', '~']) + pick(random, SMALL);
  switch (random.below(8)) {
    case 0:
      return pick(random, SIGNS) + operand();
    case 1:
      return `${operand()}**${pick(random, EXPONENTS)}`;
    case 2:
      return `${random.below(200) - 100}${pick(random, ['', '.5', '.1'])}**${random.below(80) - 40}`;
    case 3:
    case 4:
    case 5:
      return small() + pick(random, OPERATORS) + small();
    default:
      return `${operand()}${pick(random, ['', ' '])}${pick(random, OPERATORS)} ${operand()}`;
  }
}

const DIGITS = [
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
];

/** What stands in `float('…')` and `complex('…')`. */
export function numberInQuotes(random: Random): string {
  const part = (): string =>
    pick(random, ['', '+', '-', '+-', ' ']) + pick(random, DIGITS) + pick(random, ['', '', '', '_', 'j', 'J', 'jj']);
  const whole = onceIn(6, random)
    ? pick(random, ['', ' ', 'j', '-j', '()', '٣'])
    : pick(random, [part(), part() + part(), `${part()}+${part()}`, `(${part()})`]);
  const before = pick(random, ['', '', ' ', '\\n', '\\x0b', '\\xa0', '\\0']);
  return `'${before}${whole}${pick(random, ['', '', ' ', '\\t', '\\x1c'])}'`;
}
