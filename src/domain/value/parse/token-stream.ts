import { Lexer, Token } from './lexer';
import { ValueSyntaxError } from './value-syntax-error';

/** What can close a list of items: a bracket, or the end of the text. */
export type Close = ')' | ']' | '}' | 'end';

/** The tokens of a text with one token of lookahead. */
export class TokenStream {
  private token: Token;
  private ahead: Token | undefined;

  constructor(private readonly lexer: Lexer) {
    this.token = lexer.next();
  }

  get current(): Token {
    return this.token;
  }

  get next(): Token {
    return (this.ahead ??= this.lexer.next());
  }

  /** Returns the current token and goes on to the next. */
  take(): Token {
    const taken = this.token;
    this.token = this.ahead ?? this.lexer.next();
    this.ahead = undefined;
    return taken;
  }

  isAt(operator: string): boolean {
    return isOperator(this.token, operator);
  }

  accept(operator: string): boolean {
    const isThere = this.isAt(operator);
    if (isThere) this.take();
    return isThere;
  }

  isAtClose(close: Close): boolean {
    return close === 'end' ? this.token.kind === 'end' : this.isAt(close);
  }

  /** @throws ValueSyntaxError if something else stands there */
  close(close: Close): void {
    if (!this.isAtClose(close)) throw unexpected(this.token, close === 'end' ? 'the end of the text' : close);
    if (close !== 'end') this.take();
  }
}

export const isOperator = (token: Token, operator: string): boolean =>
  token.kind === 'operator' && token.operator === operator;

export function unexpected(token: Token, wanted: string): ValueSyntaxError {
  return new ValueSyntaxError(`expected ${wanted}, found ${describe(token)}`, token.start);
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'name':
      return `the name ${token.name.slice(0, 40)}`;
    case 'operator':
      return token.operator;
    case 'end':
      return 'the end of the text';
    default:
      return `a ${token.kind}`;
  }
}
