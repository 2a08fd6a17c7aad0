import { textOf } from '../value';
import { isPrintable } from './printable';

const BACKSLASH = 0x5c;
const NAMED_ESCAPES = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [BACKSLASH, '\\\\'],
]);
const APOSTROPHE = 0x27;
const QUOTATION_MARK = 0x22;

/** CPython's `repr` of a str. */
export function strRepr(codePoints: readonly number[]): string {
  return quoted(codePoints, isPrintable);
}

/** CPython's `repr` of a bytes. */
export function bytesRepr(bytes: Uint8Array): string {
  return `b${quoted(Array.from(bytes), (byte) => byte >= 0x20 && byte < 0x7f)}`;
}

/** In apostrophes, unless there are some within and no quotation mark. */
function quoted(units: readonly number[], isPlain: (unit: number) => boolean): string {
  const quote = units.includes(APOSTROPHE) && !units.includes(QUOTATION_MARK) ? QUOTATION_MARK : APOSTROPHE;
  const mark = String.fromCharCode(quote);
  let text = mark;
  let plainStart = 0; // runs of plain units are written at once
  units.forEach((unit, index) => {
    if (isPlain(unit) && unit !== quote && unit !== BACKSLASH) return;
    text += textOf(units.slice(plainStart, index)) + (unit === quote ? `\\${mark}` : escaped(unit));
    plainStart = index + 1;
  });
  return text + textOf(units.slice(plainStart)) + mark;
}

function escaped(point: number): string {
  const named = NAMED_ESCAPES.get(point);
  if (named !== undefined) return named;
  const digits = point.toString(16);
  if (point <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
