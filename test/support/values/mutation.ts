import { Random } from '../../../src/domain/random/random';
import { pick } from './pick';

/** Pieces that a grammar of values can trip over. */
const PIECES = [
  ...'()[]{},:=+-*/%~.\'"\\#_0123456789abefjxorunNTF \n\t\r\f\v\0;!@<>&|^$?`',
  ...['**', '//', '...', '==', ':=', '->', "'''", '"""', '\r\n', '\\\n', '\\\r\n', '\\\r', '\\ \n', ',,', '()', '[]'],
  ...['0x', '0b1', '0o7', '1_0', '1__0', '_1', '1e5', '1e', '1.', '.5', '00', '01', '1j', '0_0', '1e309', '1if'],
  ...[
    '1e999999999',
    '1e-999999999',
    '0e9',
    '1E+5',
    '1e+',
    '1_e5',
    '1e_5',
    '0X_f',
    '0_b1',
    '0b12',
    '0xg',
    '1J',
    '.',
    '0.',
  ],
  ...['r', 'b', 'u', 'br', 'Rb', 'f', 'ur', '\\x4', '\\x41', '\\u0041', '\\ud83d', '\\U0010ffff', '\\U00110000'],
  ...['\\N{DIGIT ONE}', '\\777', '\\400', '\\8', '\\q', 'None', 'True', 'False', 'Ellipsis', 'nan', 'inf', 'x', ' if '],
  ...['set(', 'set()', 'frozenset(', 'dict(', 'dict(a=1)', 'range(', 'range(3)', 'bytes(', 'bytes(2)', 'float('],
  ...["float('inf')", "float('-nan')", 'complex(', 'complex(1,2)', 'lambda', ' in ', 'a=1', 'b=', '**{}', '*[1]'],
  ...['[1]', '(1,)', '{1}', '{1:2}', '()', '1/0', '2**-1', '0**-1', '7//2', '-7%3', '-7.5//2', '1e308*10', '2**0.5'],
  ...[
    '10**400',
    '1+2j',
    '2j*3j',
    '1j//1',
    '~True',
    'list(',
    'for',
    ' else ',
    'not ',
    'await ',
    'yield',
    'if=1',
    'async=1',
  ],
];

/** Characters that look like others, are blank like others, or are digits or letters as others are. */
const LOOKALIKES = Array.from(
  '０１９（），：［］｛｝＋－＊．ｊｅ＿ｓＴ' +
    '٠١٩߀०๑൧𝟎𝟗𝟷²½①' +
    '\u00a0\u1680\u2003\u2028\u2029\u202f\u3000\u200b\u200d\u2060\ufeff\u0085\u001c\u001f' +
    '‘’“”′″−–—‚，。…∗⁎∕⁄' +
    'éеТаﬁªµKÅᴺ·・ℯ℘゛ゝ𐀀𠀀😀\u0301\u0345\u30fb\u{11f00}\u{31350}',
);

/**
 * The text with a few places deleted, doubled, moved, overwritten or replaced by what stands in another text: sometimes
 * still a value, mostly nearly one.
 */
export function mutate(text: string, random: Random, other = text): string {
  let mutant = text;
  for (let left = pick(random, [1, 1, 1, 2, 3]); left > 0; left -= 1) mutant = changed(mutant, random, other);
  return mutant;
}

function changed(text: string, random: Random, other: string): string {
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + 1 + random.below(4));
  const [before, cut, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (random.below(12)) {
    case 0:
      return before + after;
    case 1:
      return before + cut + cut + after;
    case 2:
      return before + pick(random, PIECES) + after;
    case 3:
      return before + pick(random, LOOKALIKES) + pick(random, [cut, '']) + after;
    case 4:
      return before + String.fromCharCode(random.below(pick(random, [0x80, 0x100, 0x10000]))) + after;
    case 5:
      return pick(random, [before, after, before + after + cut]);
    case 6:
      return before + tokenOf(other, random) + pick(random, [cut, '']) + after;
    case 7:
      return before + pick(random, [cut.toUpperCase(), cut.toLowerCase(), cut.normalize('NFKC')]) + after;
    default:
      return before + pick(random, PIECES) + cut + after;
  }
}

/** One of the words, numbers, strings or signs of a text. */
function tokenOf(text: string, random: Random): string {
  const tokens = text.match(/\w+|'[^']*'|"[^"]*"|\s+|./gsu) ?? [''];
  return pick(random, tokens);
}
