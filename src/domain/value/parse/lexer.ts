import { InvalidValueError, PyBytes, PyStr, PyValue } from '../value';
import { isLineBreak, lineBreakEnd } from './line-break';
import { readNumber } from './number-token';
import { readString } from './string-token';
import { ValueSyntaxError } from './value-syntax-error';

export type Token =
  | { readonly kind: 'number'; readonly value: PyValue; readonly start: number }
  | { readonly kind: 'string'; readonly value: PyStr | PyBytes; readonly start: number }
  | { readonly kind: 'name'; readonly name: string; readonly start: number }
  | { readonly kind: 'operator'; readonly operator: string; readonly start: number }
  | { readonly kind: 'end'; readonly start: number };

const TAB = 0x09;
const FORM_FEED = 0x0c;
const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const ASTERISK = 0x2a;
const POINT = 0x2e;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** Operators of one character, by its code. */
const OPERATORS: (string | undefined)[] = [];
for (const operator of '()[]{},:=+-*/%~') OPERATORS[operator.charCodeAt(0)] = operator;

const NAME = /[\p{XIDS}_]\p{XIDC}*/uy;

/**
 * Splits a text into tokens, one at a time, as CPython does within brackets: line breaks are white space everywhere.
 * Each character is read a bounded number of times.
 */
export class Lexer {
  private at = 0;

  /** @param text without lone surrogates and NUL */
  constructor(private readonly text: string) {}

  /** @throws ValueSyntaxError where no token starts */
  next(): Token {
    this.skipBlanks();
    const start = this.at;
    if (start === this.text.length) return { kind: 'end', start };
    try {
      return this.read(start, this.text.charCodeAt(start));
    } catch (error) {
      if (error instanceof InvalidValueError) throw new ValueSyntaxError(error.message, start);
      throw error;
    }
  }

  private read(start: number, code: number): Token {
    if (isDigit(code) || (code === POINT && isDigit(this.text.charCodeAt(start + 1)))) return this.readNumber(start);
    if (isQuote(code)) return this.readString(start, '');
    const operator = this.operatorAt(start, code);
    if (operator === undefined) return this.readName(start);
    this.at = start + operator.length;
    return { kind: 'operator', operator, start };
  }

  private operatorAt(start: number, code: number): string | undefined {
    if (code === POINT) return this.text.startsWith('...', start) ? '...' : undefined;
    if (code === ASTERISK && this.text.charCodeAt(start + 1) === ASTERISK) return '**';
    if (code === SLASH && this.text.charCodeAt(start + 1) === SLASH) return '//';
    return OPERATORS[code];
  }

  private readNumber(start: number): Token {
    const { value, end } = readNumber(this.text, start);
    this.at = end;
    return { kind: 'number', value, start };
  }

  private readName(start: number): Token {
    NAME.lastIndex = start;
    const name = NAME.exec(this.text)?.[0];
    if (name === undefined) {
      const code = this.text.codePointAt(start)!.toString(16).padStart(4, '0');
      throw new InvalidValueError(`U+${code} starts no part of a value`);
    }
    this.at = start + name.length;
    if (isQuote(this.text.charCodeAt(this.at))) return this.readString(start, name);
    return { kind: 'name', name, start };
  }

  private readString(start: number, prefix: string): Token {
    const { value, end } = readString(this.text, prefix, start + prefix.length);
    this.at = end;
    return { kind: 'string', value, start };
  }

  private skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === SPACE || code === TAB || code === FORM_FEED || isLineBreak(code)) this.at += 1;
      else if (code === HASH) this.skipComment();
      else if (code === BACKSLASH && isLineBreak(text.charCodeAt(this.at + 1)))
        this.at = lineBreakEnd(text, this.at + 1);
      else return;
    }
  }

  private skipComment(): void {
    const { text } = this;
    let at = this.at;
    while (at < text.length && !isLineBreak(text.charCodeAt(at))) at += 1;
    this.at = at;
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isQuote = (code: number): boolean => code === APOSTROPHE || code === QUOTATION_MARK;
