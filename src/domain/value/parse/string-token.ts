import { InvalidValueError } from '../value';
import { digitOf } from './digit';

export interface StringToken {
  readonly isBytes: boolean;
  /** code points of a str, bytes of a bytes */
  readonly units: number[];
  /** offset behind the closing quote */
  readonly end: number;
}

const PREFIXES = new Set(['', 'r', 'u', 'b', 'br', 'rb']);
const INTERPOLATING = new Set(['f', 'fr', 'rf', 't', 'tr', 'rt']);

const SIMPLE_ESCAPES: Record<string, number | undefined> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
};
const HEX_ESCAPES: Record<string, number | undefined> = { x: 2, u: 4, U: 8 };

/**
 * Reads the string whose opening quote stands at `quote`.
 * @param prefix the letters before the quote, as written
 * @throws InvalidValueError for an unknown prefix, a string that is not closed, or an escape that CPython refuses;
 *   `\N{...}` is refused too, as it needs the table of all character names
 */
export function readString(text: string, prefix: string, quote: number): StringToken {
  const letters = prefix.toLowerCase();
  if (INTERPOLATING.has(letters)) throw new InvalidValueError(`${letters}-strings are computed, not values`);
  if (!PREFIXES.has(letters)) throw new InvalidValueError(`no string has the prefix ${prefix.slice(0, 20)}`);
  const reader = new StringReader(text, quote, letters.includes('r'), letters.includes('b'));
  return reader.read();
}

const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const ASCII_END = 0x7f;

class StringReader {
  private readonly units: number[] = [];
  private readonly mark: number;
  private readonly isTriple: boolean;
  private at: number;

  constructor(
    private readonly text: string,
    quote: number,
    private readonly isRaw: boolean,
    private readonly isBytes: boolean,
  ) {
    this.mark = text.charCodeAt(quote);
    this.isTriple = this.isTripled(quote);
    this.at = quote + (this.isTriple ? 3 : 1);
  }

  read(): StringToken {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === this.mark && (!this.isTriple || this.isTripled(this.at))) break;
      if (this.at >= this.text.length || (code === LINE_FEED && !this.isTriple)) throw notClosed();
      if (code === BACKSLASH) this.readBackslash();
      else if (code <= ASCII_END) this.take(code, 1);
      else this.takePoint();
    }
    return { isBytes: this.isBytes, units: this.units, end: this.at + (this.isTriple ? 3 : 1) };
  }

  private isTripled(at: number): boolean {
    return this.text.charCodeAt(at + 1) === this.mark && this.text.charCodeAt(at + 2) === this.mark;
  }

  private takePoint(): void {
    const point = this.text.codePointAt(this.at);
    if (point === undefined) throw notClosed();
    if (this.isBytes && point > ASCII_END) throw new InvalidValueError('a bytes literal has ASCII characters only');
    this.take(point, point > 0xffff ? 2 : 1);
  }

  private readBackslash(): void {
    if (!this.isRaw) return this.readEscape(this.text.charAt(this.at + 1));
    this.takePoint();
    this.takePoint(); // a raw backslash keeps a quote behind it from closing
  }

  private readEscape(letter: string): void {
    const simple = SIMPLE_ESCAPES[letter];
    if (simple !== undefined) return this.take(simple, 2);
    if (letter === '\n') {
      this.at += 2;
      return;
    }
    const octal = this.digits(1, 3, 8);
    if (octal.length > 0) return this.take(this.isBytes ? octal.value & 0xff : octal.value, 1 + octal.length);
    const width = this.isBytes && letter !== 'x' ? undefined : HEX_ESCAPES[letter];
    if (width !== undefined) return this.take(this.hexadecimal(letter, width), 2 + width);
    if (letter === 'N' && !this.isBytes) throw new InvalidValueError('write \\u or \\U instead of \\N{...}');
    this.takePoint(); // an escape that Python does not know stands for itself
  }

  private hexadecimal(letter: string, width: number): number {
    const { value, length } = this.digits(2, width, 16);
    if (length === width && value <= 0x10ffff) return value;
    throw new InvalidValueError(`\\${letter} needs ${width} hexadecimal digits, at most 10ffff`);
  }

  /** At most so many digits, `ahead` characters further on. */
  private digits(ahead: number, most: number, base: number): { value: number; length: number } {
    let [value, length] = [0, 0];
    for (; length < most; length += 1) {
      const digit = digitOf(this.text.charCodeAt(this.at + ahead + length));
      if (digit >= base) break;
      value = value * base + digit;
    }
    return { value, length };
  }

  private take(unit: number, length: number): void {
    this.units.push(unit);
    this.at += length;
  }
}

function notClosed(): InvalidValueError {
  return new InvalidValueError('a string is not closed');
}
