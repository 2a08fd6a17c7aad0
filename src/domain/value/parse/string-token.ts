import { pyBytesOf } from '../bytes';
import { isHighSurrogate, isLowSurrogate, pyStr } from '../str';
import { InvalidValueError, PyBytes, PyStr } from '../value';
import { readEscape } from './escape';
import { isLineBreak, lineBreakEnd } from './line-break';
import { TextBuilder } from './text-builder';

export interface StringToken {
  readonly value: PyStr | PyBytes;
  /** Offset behind the closing quote. */
  readonly end: number;
}

const PREFIXES = new Set(['', 'r', 'u', 'b', 'br', 'rb']);
const INTERPOLATING = new Set(['f', 'fr', 'rf', 't', 'tr', 'rt']);

const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ASCII_END = 0x7f;

/**
 * Reads the string whose opening quote stands at `quote`.
 * @param prefix the letters before the quote, as written
 * @throws InvalidValueError for an unknown prefix, a string that is not closed, or an escape that CPython refuses
 */
export function readString(text: string, prefix: string, quote: number): StringToken {
  const letters = prefix.slice(0, 20).toLowerCase();
  if (INTERPOLATING.has(letters)) throw new InvalidValueError(`${letters}-strings are computed, not values`);
  if (!PREFIXES.has(letters)) throw new InvalidValueError(`no string has the prefix ${prefix.slice(0, 20)}`);
  return new StringReader(text, quote, letters.includes('r'), letters.includes('b')).read();
}

const isSpecial = (code: number): boolean => code === BACKSLASH || code === CARRIAGE_RETURN;

class StringReader {
  /** Nothing before the first character that does not stand for itself. */
  private built: TextBuilder | undefined;
  private splits: number[] | undefined;
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
    const text = this.readText();
    const end = this.at + (this.isTriple ? 3 : 1);
    return { value: this.isBytes ? pyBytesOf(text) : pyStr(text, this.splits), end };
  }

  /** What the string stands for, up to the closing quote. */
  private readText(): string {
    for (;;) {
      const start = this.at;
      this.skipPlain();
      const code = this.text.charCodeAt(this.at);
      const plain = start === this.at ? '' : this.text.slice(start, this.at);
      if (code === this.mark) return this.built === undefined ? plain : this.built.endingWith(plain);
      this.built ??= new TextBuilder();
      if (plain !== '') this.built.piece(plain);
      // Often several stand in a row.
      do this.readSpecial(this.text.charCodeAt(this.at), this.built);
      while (isSpecial(this.text.charCodeAt(this.at)));
    }
  }

  /** On to what does not stand for itself: a closing quote, a backslash, a line break, the end, no ASCII in bytes. */
  private skipPlain(): void {
    const { text, mark } = this;
    let at = this.at;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === mark && (!this.isTriple || this.isTripled(at))) break;
      if (isSpecial(code) || (code === LINE_FEED && !this.isTriple)) break;
      if (code > ASCII_END && this.isBytes) break;
    }
    this.at = at;
  }

  private isTripled(at: number): boolean {
    return this.text.charCodeAt(at + 1) === this.mark && this.text.charCodeAt(at + 2) === this.mark;
  }

  private readSpecial(code: number, built: TextBuilder): void {
    if (code === BACKSLASH) this.readBackslash(built);
    else if (code === CARRIAGE_RETURN && this.isTriple) this.readLineBreak(built);
    else if (code > ASCII_END) throw new InvalidValueError('a bytes literal has ASCII characters only');
    else throw new InvalidValueError('a string is not closed');
  }

  private readLineBreak(built: TextBuilder): void {
    this.at = lineBreakEnd(this.text, this.at);
    built.unit(LINE_FEED);
  }

  private readBackslash(built: TextBuilder): void {
    if (this.isRaw) return this.readRawBackslash(built);
    const { point, end } = readEscape(this.text, this.at, this.isBytes);
    if (point !== undefined) this.append(point, built);
    this.at = end;
  }

  /** It stands for itself, and keeps what is behind it from ending the string. */
  private readRawBackslash(built: TextBuilder): void {
    built.unit(BACKSLASH);
    this.at += 1;
    const next = this.text.charCodeAt(this.at);
    if (isLineBreak(next)) return this.readLineBreak(built);
    if (next !== this.mark && next !== BACKSLASH) return;
    built.unit(next);
    this.at += 1;
  }

  private append(point: number, built: TextBuilder): void {
    if (isLowSurrogate(point) && isHighSurrogate(built.lastUnit)) (this.splits ??= []).push(built.length);
    if (point > 0xffff) built.piece(String.fromCodePoint(point));
    else built.unit(point);
  }
}
