import { Random } from '../../../src/domain/random/random';
import { COLLIDING, constructorText } from './constructor-text';
import { arithmetic, number } from './number-texts';
import { onceIn, pick, several } from './pick';

const STRINGS = [
  ...["''", "'a'", '"é"', "b'a'", "b''", "'ab'", "'1'", "'a' 'b'", "r'\\n'", "'😀'", "'''\r\n\r'''", "rb'\\''"],
  ...["'\\ud83d\\ude00'", "'\\ud83d' '\\ude00'", "'\\ud83d' '' '\\ude00'", "'\\ud83d' '😀'", "'a\\\r\nb'"],
  ...["'\\777\\400\\8'", "b'\\777\\400\\8'", "b'a' b'\\xff'", "b'a' 'a'", "'\\x4'", "'\\U00110000'"],
  ...["'\\N{DIGIT ONE}'", "r'\\N{x}'", "b'\\N\\u0041'"],
];

/**
 * A text of the grammar whose value nobody has chosen: arithmetic, constructors with arguments that suit them and that
 * do not, displays whose keys collide. Python refuses about one in three for its value.
 */
export function expression(random: Random, depth = 3): string {
  const inner = (): string => expression(random, depth - 1);
  const operand = (): string => (depth > 1 && onceIn(3, random) ? `(${inner()})` : number(random));
  const atoms = [(): string => number(random), (): string => pick(random, STRINGS)];
  if (depth === 0) return pick(random, atoms)();
  const sums = (): string => arithmetic(random, operand);
  const displays = (): string => display(random, inner);
  return pick(random, [...atoms, sums, sums, displays, displays, () => constructorText(random, inner)])();
}

function display(random: Random, item: () => string): string {
  const key = (): string => (onceIn(6, random) ? item() : pick(random, COLLIDING));
  const entry = (): string => `${key()}:${item()}`;
  switch (random.below(4)) {
    case 0:
      return `[${several(random, 3, item)}]`;
    case 1:
      return `(${item()},${several(random, 3, item)})`;
    case 2:
      return `{${key()},${several(random, 6, key)}}`;
    default:
      return `{${entry()},${several(random, 5, entry)}}`;
  }
}
