import { Random } from '../../../src/domain/random/random';

/** Pieces that a grammar of values can trip over. */
const PIECES = [
  ...'()[]{},:=+-*/%~.\'"\\#_0123456789abefjxorunNTF \n\t\r\f\v\0;!@<>&|^$?`',
  ...['**', '//', '...', '==', ':=', '->', "'''", '"""', '\r\n', '\\\n', '\u00a0', '\ufeff', '\u0660', 'é', '😀', ',,'],
  ...['0x', '0b1', '0o7', '1_0', '1__0', '_1', '1e5', '1e', '1.', '.5', '00', '01', '1j', '0_0', '1e309', '1if'],
  ...['r', 'b', 'u', 'br', 'Rb', 'f', 'ur', '\\x4', '\\x41', '\\u0041', '\\ud83d', '\\U0010ffff', '\\U00110000'],
  ...['\\N{DIGIT ONE}', '\\777', '\\400', '\\8', '\\q', 'None', 'True', 'False', 'Ellipsis', 'nan', 'inf', 'x', ' if '],
  ...['set(', 'set()', 'frozenset(', 'dict(', 'dict(a=1)', 'range(', 'range(3)', 'bytes(', 'bytes(2)', 'float('],
  ...["float('inf')", "float('-nan')", 'complex(', 'complex(1,2)', 'lambda', ' in ', 'a=1', 'b=', '**{}', '*[1]'],
  ...['[1]', '(1,)', '{1}', '{1:2}', '()', '1/0', '2**-1', '0**-1', '7//2', '-7%3', '-7.5//2', '1e308*10', '2**0.5'],
  ...['10**400', '1+2j', '2j*3j', '1j//1', '~True', 'list('],
];

/** The text with a few places deleted, doubled, moved or overwritten: sometimes still a value, mostly nearly one. */
export function mutate(text: string, random: Random): string {
  let mutant = text;
  for (let left = 1 + random.below(3); left > 0; left -= 1) mutant = changed(mutant, random);
  return mutant;
}

function changed(text: string, random: Random): string {
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + 1 + random.below(4));
  const piece = PIECES[random.below(PIECES.length)]!;
  switch (random.below(5)) {
    case 0:
      return text.slice(0, start) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(start);
    case 2:
      return text.slice(0, start) + piece + text.slice(end);
    default:
      return text.slice(0, start) + piece + text.slice(start);
  }
}
