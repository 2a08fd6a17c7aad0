import { isHighSurrogate, pyStr } from '../str';
import { PyBytes, PyStr } from '../value';
import { isPrintable } from './printable';

const BACKSLASH = 0x5c;
/** Two digits for each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Those of the code points up to U+00FF. */
const ESCAPES = HEX.map((digits) => `\\x${digits}`);
for (const [char, escape] of Object.entries({ '\t': '\\t', '\n': '\\n', '\r': '\\r', "'": "\\'", '\\': '\\\\' })) {
  ESCAPES[char.charCodeAt(0)] = escape;
}

type IsPlain = (point: number) => boolean;
const isPlainByte: IsPlain = (byte) => byte >= 0x20 && byte < 0x7f;

/** CPython's `repr` of a str. */
export const strRepr = (str: PyStr): string => quoted(str, isPrintable);

/** CPython's `repr` of a bytes. */
export const bytesRepr = ({ latin1 }: PyBytes): string => `b${quoted(pyStr(latin1), isPlainByte)}`;

/** The length of `strRepr`, which is not written. */
export const strReprLength = (str: PyStr): number => quotedLength(str, isPrintable);

/** The length of `bytesRepr`, which is not written. */
export const bytesReprLength = ({ latin1 }: PyBytes): number => 1 + quotedLength(pyStr(latin1), isPlainByte);

function quoted(str: PyStr, isPlain: IsPlain): string {
  const quote = quoteOf(str);
  const parts: string[] = [];
  let plainStart = 0; // runs of plain characters are written at once
  forEachEscaped(str, quote, isPlain, (point, start) => {
    if (plainStart < start) parts.push(str.text.slice(plainStart, start));
    parts.push(escaped(point));
    plainStart = start + unitsOf(point);
  });
  return quote + parts.join('') + str.text.slice(plainStart) + quote;
}

function quotedLength(str: PyStr, isPlain: IsPlain): number {
  let length = str.text.length + 2;
  forEachEscaped(str, quoteOf(str), isPlain, (point) => {
    length += escapeLength(point) - unitsOf(point);
  });
  return length;
}

/** An apostrophe, unless there are some within and no quotation mark. */
const quoteOf = ({ text }: PyStr): string => (text.includes("'") && !text.includes('"') ? '"' : "'");

function forEachEscaped(
  { text, splits }: PyStr,
  quote: string,
  isPlain: IsPlain,
  visit: (point: number, start: number) => void,
): void {
  const quoteUnit = quote.charCodeAt(0);
  let passed = 0; // splits before `at`
  for (let at = 0; at < text.length; at += 1) {
    let point = text.charCodeAt(at);
    if (point >= 0x20 && point < 0x7f && point !== quoteUnit && point !== BACKSLASH) continue;
    if (isHighSurrogate(point)) {
      if (splits[passed] === at + 1) passed += 1;
      else point = text.codePointAt(at)!;
    }
    if (!isPlain(point) || point === quoteUnit || point === BACKSLASH) visit(point, at);
    at += unitsOf(point) - 1;
  }
}

/** UTF-16 units of a code point. */
const unitsOf = (point: number): number => (point > 0xffff ? 2 : 1);

function escaped(point: number): string {
  if (point < ESCAPES.length) return ESCAPES[point]!;
  const [plane, row, cell] = [HEX[point >> 16], HEX[(point >> 8) & 0xff], HEX[point & 0xff]];
  return point <= 0xffff ? `\\u${row}${cell}` : `\\U00${plane}${row}${cell}`;
}

function escapeLength(point: number): number {
  if (point < ESCAPES.length) return ESCAPES[point]!.length;
  return point <= 0xffff ? 6 : 10;
}
