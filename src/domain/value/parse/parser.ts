import { Arguments } from '../arguments';
import { binaryOperation, unaryOperation } from '../arithmetic/arithmetic';
import { unitsOf } from '../arithmetic/integer-size';
import { pyBytesOf } from '../bytes';
import { pyDict, pySet } from '../collections';
import { MAX_DEPTH } from '../limits';
import { joinedStr } from '../str';
import { DictEntry, InvalidValueError, PyBytes, PyStr, PyValue, pyEllipsis, pyList, pyTuple } from '../value';
import { argumentName } from './argument-name';
import { BuildContext, construct, isConstructor } from './constructors';
import { Token } from './lexer';
import { Close, TokenStream, isOperator, unexpected } from './token-stream';
import { ValueSyntaxError } from './value-syntax-error';

const SUM_OPERATORS = new Set(['+', '-']);
const TERM_OPERATORS = new Set(['*', '/', '//', '%']);
const SIGNS = new Set(['+', '-', '~']);

/** Recursive descent over the grammar in the README beside this file; a method is named after its rule. */
export class Parser {
  private depth = 0;
  /** Offset of what is being made, for what cannot be made. */
  private place = 0;

  constructor(
    private readonly tokens: TokenStream,
    private readonly context: BuildContext,
    private readonly constants: ReadonlyMap<string, PyValue>,
  ) {}

  /** @throws ValueSyntaxError */
  value(): PyValue {
    return this.placed(() => {
      const { items, hasComma } = this.items('end');
      if (items.length === 0) throw new ValueSyntaxError('the text has no value', 0);
      return items.length === 1 && !hasComma ? items[0]! : pyTuple(items);
    });
  }

  /** @throws ValueSyntaxError */
  arguments(): Arguments {
    return this.placed(() => this.argumentsUpTo('end'));
  }

  /** Gives what Python would refuse its place in the text. */
  private placed<T>(rule: () => T): T {
    try {
      return rule();
    } catch (error) {
      if (error instanceof InvalidValueError) throw new ValueSyntaxError(error.message, this.place);
      throw error;
    }
  }

  /** The items up to `close`, which is consumed. */
  private items(close: Close): { items: PyValue[]; hasComma: boolean } {
    // An array that is made with its first item, as most have few, is much smaller than one that grows to it.
    const items = this.tokens.isAtClose(close) ? [] : [this.sum()];
    const hasComma = items.length > 0 && this.tokens.isAt(',');
    while (items.length > 0 && this.tokens.accept(',') && !this.tokens.isAtClose(close)) items.push(this.sum());
    this.tokens.close(close);
    return { items, hasComma };
  }

  private argumentsUpTo(close: Close): Arguments {
    const positional: PyValue[] = [];
    const keyword = new Map<string, PyValue>();
    while (!this.tokens.isAtClose(close)) {
      const { current } = this.tokens;
      if (current.kind === 'name' && isOperator(this.tokens.next, '=')) {
        this.keywordArgument(current.name, keyword);
      } else {
        if (keyword.size > 0) throw unexpected(current, 'a keyword argument');
        positional.push(this.sum());
      }
      if (!this.tokens.accept(',')) break;
    }
    this.tokens.close(close);
    return { positional, keyword: [...keyword] };
  }

  private keywordArgument(written: string, keyword: Map<string, PyValue>): void {
    const { start } = this.tokens.take();
    this.tokens.take();
    this.charge(start, 4);
    const name = argumentName(written);
    if (keyword.has(name)) throw new InvalidValueError('a keyword argument is repeated');
    keyword.set(name, this.sum());
  }

  private sum(): PyValue {
    let left = this.term();
    while (this.isAtOneOf(SUM_OPERATORS)) left = this.operation(left, this.tokens.take(), this.term());
    return left;
  }

  private term(): PyValue {
    let left = this.factor();
    while (this.isAtOneOf(TERM_OPERATORS)) left = this.operation(left, this.tokens.take(), this.factor());
    return left;
  }

  private factor(): PyValue {
    if (!this.isAtOneOf(SIGNS)) return this.power();
    const signs: Token[] = [];
    while (this.isAtOneOf(SIGNS)) {
      signs.push(this.tokens.take());
      if (signs.length > MAX_DEPTH) throw unexpected(this.tokens.current, `at most ${MAX_DEPTH} signs`);
    }
    return signs.reduceRight((value, sign) => {
      this.place = sign.start;
      return unaryOperation(operatorOf(sign), value, this.context.meter);
    }, this.power());
  }

  private power(): PyValue {
    const base = this.atom();
    if (!this.tokens.isAt('**')) return base;
    const operator = this.tokens.take();
    this.open(operator);
    const exponent = this.factor();
    this.depth -= 1;
    return this.operation(base, operator, exponent);
  }

  private operation(left: PyValue, operator: Token, right: PyValue): PyValue {
    this.place = operator.start;
    return binaryOperation(operatorOf(operator), left, right, this.context.meter);
  }

  private atom(): PyValue {
    const token = this.tokens.take();
    this.charge(token.start, token.kind === 'number' && token.value.kind === 'int' ? unitsOf(token.value.value) : 1);
    switch (token.kind) {
      case 'number':
        return token.value;
      case 'string':
        return this.strings(token.value);
      case 'name':
        return this.named(token, token.name);
      case 'operator':
        return token.operator === '...' ? pyEllipsis : this.bracketed(token, token.operator);
      case 'end':
        throw unexpected(token, 'a value');
    }
  }

  private bracketed(token: Token, operator: string): PyValue {
    this.open(token);
    const value = this.within(token, operator);
    this.depth -= 1;
    return value;
  }

  /** What stands behind an opening bracket. */
  private within(token: Token, operator: string): PyValue {
    switch (operator) {
      case '(':
        return this.parenthesised();
      case '[':
        return pyList(this.items(']').items);
      case '{':
        return this.braces(token.start);
      default:
        throw unexpected(token, 'a value');
    }
  }

  private parenthesised(): PyValue {
    const { items, hasComma } = this.items(')');
    return items.length === 1 && !hasComma ? items[0]! : pyTuple(items);
  }

  /** A set display, a dict display or an empty dict, behind its `{`. */
  private braces(start: number): PyValue {
    if (this.tokens.accept('}')) return pyDict([], this.context.classes);
    const first = this.sum();
    if (this.tokens.accept(':')) return this.dictDisplay(start, first);
    const members = [first];
    while (this.tokens.accept(',') && !this.tokens.isAtClose('}')) members.push(this.sum());
    this.tokens.close('}');
    this.charge(start, members.length);
    return pySet(members, this.context.classes);
  }

  private dictDisplay(start: number, firstKey: PyValue): PyValue {
    const entries: DictEntry[] = [[firstKey, this.sum()]];
    while (this.tokens.accept(',') && !this.tokens.isAtClose('}')) {
      const key = this.sum();
      if (!this.tokens.accept(':')) throw unexpected(this.tokens.current, ':');
      entries.push([key, this.sum()]);
    }
    this.tokens.close('}');
    this.charge(start, entries.length);
    return pyDict(entries, this.context.classes);
  }

  /** A string and those adjacent to it, which are one. */
  private strings(first: PyStr | PyBytes): PyValue {
    if (this.tokens.current.kind !== 'string') return first;
    const parts = [first];
    for (let next = this.tokens.current; next.kind === 'string'; next = this.tokens.current) {
      this.charge(next.start, 1);
      if (next.value.kind !== first.kind) throw new InvalidValueError('bytes and text are not joined');
      parts.push(next.value);
      this.tokens.take();
    }
    const strs = parts.filter((part) => part.kind === 'str');
    if (strs.length > 0) return joinedStr(strs);
    return pyBytesOf(parts.map((part) => (part.kind === 'bytes' ? part.latin1 : '')).join(''));
  }

  private named(token: Token, name: string): PyValue {
    const constant = this.constants.get(name);
    if (constant !== undefined) return constant;
    if (!isConstructor(name) || !this.tokens.accept('(')) throw unexpected(token, 'a value');
    this.open(token);
    const args = this.argumentsUpTo(')');
    this.depth -= 1;
    this.charge(token.start, 4);
    return construct(name, args, this.context);
  }

  private charge(offset: number, units: number): void {
    this.place = offset;
    this.context.meter.charge(units);
  }

  private isAtOneOf(operators: ReadonlySet<string>): boolean {
    const { current } = this.tokens;
    return current.kind === 'operator' && operators.has(current.operator);
  }

  /** One level more, which bounds the recursion and with it the stack. After an error the parser is not used again. */
  private open(token: Token): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ValueSyntaxError(`nested deeper than ${MAX_DEPTH} levels`, token.start);
  }
}

const operatorOf = (token: Token): string => (token.kind === 'operator' ? token.operator : '');
