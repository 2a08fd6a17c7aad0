import { MAX_INTEGER_DIGITS, boundedInteger, integerTooLong } from '../limits';
import { InvalidValueError, PyValue, pyComplex, pyFloat, pyInt } from '../value';
import { digitOf, withoutUnderscores } from './digit';

export interface NumberToken {
  readonly value: PyValue;
  /** offset behind the last character */
  readonly end: number;
}

const BASES: Record<string, number | undefined> = { x: 16, o: 8, b: 2 };
const ZERO = 0x30;
const POINT = 0x2e;
const UNDERSCORE = 0x5f;
const E = 0x65;
const J = 0x6a;

const lowered = (code: number): number => code | 0x20;
const isLetter = (code: number): boolean => (lowered(code) >= 0x61 && lowered(code) <= 0x7a) || code > 0x7f;

/**
 * Reads the number that starts at `start`, where a digit stands, or a point before one: every spelling of CPython.
 * @throws InvalidValueError for a misplaced underscore, leading zeros, a missing digit, or an integer over the bound
 */
export function readNumber(text: string, start: number): NumberToken {
  const isPrefixed = text.charCodeAt(start) === ZERO && isLetter(text.charCodeAt(start + 1));
  const base = isPrefixed ? BASES[text.charAt(start + 1).toLowerCase()] : undefined;
  const token = base === undefined ? readDecimal(text, start) : readPrefixed(text, start, base);
  const next = text.charCodeAt(token.end);
  if (isLetter(next) || digitOf(next) < 10 || next === UNDERSCORE) {
    throw new InvalidValueError('a number is followed by a letter, a digit or an underscore');
  }
  return token;
}

function readPrefixed(text: string, start: number, base: number): NumberToken {
  const first = start + (text.charCodeAt(start + 2) === UNDERSCORE ? 3 : 2);
  const end = digitsEnd(text, first, base);
  if (end === first) throw new InvalidValueError('a number has no digits behind its prefix');
  const digits = withoutUnderscores(text.slice(first, end));
  return { value: pyInt(prefixedNumber(text.slice(start, start + 2).toLowerCase(), digits)), end };
}

function prefixedNumber(prefix: string, digits: string): bigint {
  if (digits.length <= 12) return BigInt(Number(prefix + digits)); // faster by way of a double
  const significant = digits.replace(/^0+(?=.)/, '');
  // Each digit is worth a bit or more, and 4,300 decimal digits have 14,285 bits.
  if (significant.length > 4 * MAX_INTEGER_DIGITS) throw integerTooLong();
  return boundedInteger(BigInt(prefix + significant));
}

function readDecimal(text: string, start: number): NumberToken {
  const wholeEnd = digitsEnd(text, start, 10);
  const mantissaEnd = text.charCodeAt(wholeEnd) === POINT ? digitsEnd(text, wholeEnd + 1, 10) : wholeEnd;
  const end = exponentEnd(text, mantissaEnd);
  const digits = withoutUnderscores(text.slice(start, end));
  if (lowered(text.charCodeAt(end)) === J) return { value: pyComplex(0, Number(digits)), end: end + 1 };
  return { value: end === wholeEnd ? pyInt(wholeNumber(digits)) : pyFloat(Number(digits)), end };
}

function wholeNumber(digits: string): bigint {
  if (digits.charCodeAt(0) === ZERO) {
    if (/[1-9]/.test(digits)) throw new InvalidValueError('a decimal integer has no leading zeros');
    return 0n;
  }
  if (digits.length > MAX_INTEGER_DIGITS) throw integerTooLong();
  return BigInt(digits.length <= 15 ? Number(digits) : digits);
}

function exponentEnd(text: string, start: number): number {
  if (lowered(text.charCodeAt(start)) !== E) return start;
  const first = text[start + 1] === '+' || text[start + 1] === '-' ? start + 2 : start + 1;
  const end = digitsEnd(text, first, 10);
  return end === first ? start : end;
}

/** Digits with single underscores between them; an underscore that no digit follows is left over. */
function digitsEnd(text: string, start: number, base: number): number {
  let end = start;
  for (;;) {
    const code = text.charCodeAt(end);
    if (digitOf(code) < base) end += 1;
    else if (code === UNDERSCORE && end > start && digitOf(text.charCodeAt(end + 1)) < base) end += 2;
    else return end;
  }
}
