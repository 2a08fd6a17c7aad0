import { InvalidValueError, PyBytes, PyStr, PyValue, pyBytes, pyStrOf } from '../value';
import { readNumber } from './number-token';
import { readString } from './string-token';
import { ValueSyntaxError } from './value-syntax-error';

export type Token =
  | { readonly kind: 'number'; readonly value: PyValue; readonly start: number }
  | { readonly kind: 'string'; readonly value: PyStr | PyBytes; readonly start: number }
  | { readonly kind: 'name'; readonly name: string; readonly start: number }
  | { readonly kind: 'operator'; readonly operator: string; readonly start: number }
  | { readonly kind: 'end'; readonly start: number };

const OPERATORS = new Set('()[]{},:=+-*/%~');
const NAME = /[\p{XIDS}_]\p{XIDC}*/uy;

/**
 * Splits a text into tokens, one at a time, as CPython does within brackets: line breaks are white space everywhere.
 * Each character is read a bounded number of times.
 */
export class Lexer {
  private at = 0;

  /** @param text with `\n` as its only line break and without lone surrogates and NUL */
  constructor(private readonly text: string) {}

  /** @throws ValueSyntaxError where no token starts */
  next(): Token {
    this.skipBlanks();
    const start = this.at;
    if (start === this.text.length) return { kind: 'end', start };
    try {
      return this.read(start, this.text[start]!);
    } catch (error) {
      if (error instanceof InvalidValueError) throw new ValueSyntaxError(error.message, start);
      throw error;
    }
  }

  private read(start: number, first: string): Token {
    if (isDigit(first) || (first === '.' && isDigit(this.text[start + 1]))) {
      const { value, end } = readNumber(this.text, start);
      this.at = end;
      return { kind: 'number', value, start };
    }
    if (isQuote(first)) return this.readString(start, '');
    const operator = this.operatorAt(start, first);
    if (operator === undefined) return this.readName(start);
    this.at = start + operator.length;
    return { kind: 'operator', operator, start };
  }

  private operatorAt(start: number, first: string): string | undefined {
    if (first === '.') return this.text.startsWith('...', start) ? '...' : undefined;
    const isDoubled = (first === '*' || first === '/') && this.text[start + 1] === first;
    if (isDoubled) return first + first;
    return OPERATORS.has(first) ? first : undefined;
  }

  private readName(start: number): Token {
    NAME.lastIndex = start;
    const name = NAME.exec(this.text)?.[0];
    if (name === undefined) {
      const code = this.text.codePointAt(start)!.toString(16).padStart(4, '0');
      throw new InvalidValueError(`U+${code} starts no part of a value`);
    }
    this.at = start + name.length;
    if (isQuote(this.text[this.at])) return this.readString(start, name);
    return { kind: 'name', name, start };
  }

  private readString(start: number, prefix: string): Token {
    const { isBytes, units, end } = readString(this.text, prefix, start + prefix.length);
    this.at = end;
    return { kind: 'string', value: isBytes ? pyBytes(units) : pyStrOf(units), start };
  }

  private skipBlanks(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === '#') this.at = endOfLine(this.text, this.at);
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
      else if (char === ' ' || char === '\n' || char === '\t' || char === '\f') this.at += 1;
      else return;
    }
  }
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';
const isQuote = (char: string | undefined): boolean => char === "'" || char === '"';

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
