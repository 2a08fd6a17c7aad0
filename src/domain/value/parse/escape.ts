import { InvalidValueError } from '../value';
import { digitOf } from './digit';
import { isLineBreak, lineBreakEnd } from './line-break';

export interface Escape {
  /** A code point; a byte in bytes. Undefined for a continued line, which stands for nothing. */
  readonly point: number | undefined;
  /** Offset behind it. */
  readonly end: number;
}

const BACKSLASH = 0x5c;
const LARGEST_POINT = 0x10ffff;

const SIMPLE = byCode({ '\\': 0x5c, "'": 0x27, '"': 0x22, a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 });
/** How many hexadecimal digits they have. */
const HEXADECIMAL = byCode({ x: 2, u: 4, U: 8 });
const X = 'x'.charCodeAt(0);
const N = 'N'.charCodeAt(0);

/** An array, which is faster here than a map. */
function byCode(entries: Record<string, number>): readonly (number | undefined)[] {
  const array: number[] = [];
  for (const [letter, number] of Object.entries(entries)) array[letter.charCodeAt(0)] = number;
  return array;
}

/**
 * Reads the escape whose backslash stands at `start`. One that Python does not know is a backslash alone.
 * @throws InvalidValueError for missing digits and for `\N{...}`, which needs the table of all character names
 */
export function readEscape(text: string, start: number, isBytes: boolean): Escape {
  const code = text.charCodeAt(start + 1);
  if (digitOf(code) < 8) return readOctal(text, start, isBytes);
  const simple = SIMPLE[code];
  if (simple !== undefined) return { point: simple, end: start + 2 };
  if (isLineBreak(code)) return { point: undefined, end: lineBreakEnd(text, start + 1) };
  if (code === X || !isBytes) {
    const width = HEXADECIMAL[code];
    if (width !== undefined) return readHexadecimal(text, start, width);
    if (code === N) throw new InvalidValueError('write \\u or \\U instead of \\N{...}');
  }
  return { point: BACKSLASH, end: start + 1 };
}

/** One to three digits; bytes have the lowest eight bits of them. */
function readOctal(text: string, start: number, isBytes: boolean): Escape {
  let point = 0;
  let end = start + 1;
  for (; end <= start + 3; end += 1) {
    const digit = digitOf(text.charCodeAt(end));
    if (digit >= 8) break;
    point = 8 * point + digit;
  }
  return { point: isBytes ? point & 0xff : point, end };
}

function readHexadecimal(text: string, start: number, width: number): Escape {
  const end = start + 2 + width;
  let point = 0;
  for (let at = start + 2; at < end; at += 1) {
    const digit = digitOf(text.charCodeAt(at));
    point = digit < 16 ? 16 * point + digit : Infinity;
  }
  if (point <= LARGEST_POINT) return { point, end };
  throw new InvalidValueError(`\\${text[start + 1]} needs ${width} hexadecimal digits, at most 10ffff`);
}
