import { isPrintable } from './printable';

const NAMED_ESCAPES = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x5c, '\\\\'],
]);
const APOSTROPHE = 0x27;
const QUOTATION_MARK = 0x22;

/** CPython's `repr` of a str. */
export function strRepr(codePoints: readonly number[]): string {
  return quoted(codePoints, (point) => (isPrintable(point) ? String.fromCodePoint(point) : escaped(point)));
}

/** CPython's `repr` of a bytes. */
export function bytesRepr(bytes: Uint8Array): string {
  const isAscii = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  return `b${quoted(bytes, (byte) => (isAscii(byte) ? String.fromCharCode(byte) : escaped(byte)))}`;
}

/** In apostrophes, unless there are some within and no quotation mark. */
function quoted(units: ArrayLike<number> & Iterable<number>, spell: (unit: number) => string): string {
  const contains = (wanted: number): boolean => Array.prototype.includes.call(units, wanted);
  const quote = contains(APOSTROPHE) && !contains(QUOTATION_MARK) ? '"' : "'";
  const pieces = Array.from(units, (unit) => {
    if (unit === quote.charCodeAt(0)) return `\\${quote}`;
    return NAMED_ESCAPES.get(unit) ?? spell(unit);
  });
  return quote + pieces.join('') + quote;
}

function escaped(point: number): string {
  const digits = point.toString(16);
  if (point <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
