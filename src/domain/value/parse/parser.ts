import { Arguments } from '../arguments';
import { binaryOperation, unaryOperation } from '../arithmetic/arithmetic';
import { pyDict, pySet } from '../collections';
import { MAX_DEPTH } from '../limits';
import {
  DictEntry,
  InvalidValueError,
  PyBytes,
  PyStr,
  PyValue,
  pyBytes,
  pyEllipsis,
  pyList,
  pyStrOf,
  pyTuple,
} from '../value';
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

  constructor(
    private readonly tokens: TokenStream,
    private readonly context: BuildContext,
    private readonly constants: ReadonlyMap<string, PyValue>,
  ) {}

  /** The items up to `close`, which is consumed. */
  items(close: Close): { items: PyValue[]; hasComma: boolean } {
    const items: PyValue[] = [];
    let hasComma = false;
    while (!this.tokens.isAtClose(close)) {
      items.push(this.sum());
      if (!this.tokens.accept(',')) break;
      hasComma = true;
    }
    this.tokens.close(close);
    return { items, hasComma };
  }

  /** The arguments up to `close`, which is consumed. */
  arguments(close: Close): Arguments {
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
    const name = this.build(start, () => argumentName(written));
    if (keyword.has(name)) throw new ValueSyntaxError('a keyword argument is repeated', start);
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
    return signs.reduceRight(
      (value, sign) => this.build(sign.start, () => unaryOperation(operatorOf(sign), value, this.context.meter)),
      this.power(),
    );
  }

  private power(): PyValue {
    const base = this.atom();
    if (!this.tokens.isAt('**')) return base;
    const operator = this.tokens.take();
    return this.operation(
      base,
      operator,
      this.nested(operator, () => this.factor()),
    );
  }

  private atom(): PyValue {
    const token = this.tokens.take();
    this.charge(token.start, 1);
    switch (token.kind) {
      case 'number':
        return token.value;
      case 'string':
        return this.strings(token.value);
      case 'name':
        return this.named(token, token.name);
      case 'operator':
        return this.bracketed(token, token.operator);
      case 'end':
        throw unexpected(token, 'a value');
    }
  }

  private bracketed(token: Token, operator: string): PyValue {
    switch (operator) {
      case '(':
        return this.nested(token, () => this.parenthesised());
      case '[':
        return this.nested(token, () => pyList(this.items(']').items));
      case '{':
        return this.nested(token, () => this.braces(token.start));
      case '...':
        return pyEllipsis;
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
    if (this.tokens.accept('}')) return pyDict([]);
    const first = this.sum();
    if (this.tokens.accept(':')) return this.dictDisplay(start, first);
    const members = [first];
    while (this.tokens.accept(',') && !this.tokens.isAtClose('}')) members.push(this.sum());
    this.tokens.close('}');
    this.charge(start, members.length);
    return this.build(start, () => pySet(members, this.context.classes));
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
    return this.build(start, () => pyDict(entries, this.context.classes));
  }

  /** A string and those adjacent to it, which are one. */
  private strings(first: PyStr | PyBytes): PyValue {
    if (this.tokens.current.kind !== 'string') return first;
    const units = Array.from(unitsOf(first));
    for (let next = this.tokens.current; next.kind === 'string'; next = this.tokens.current) {
      if (next.value.kind !== first.kind) throw new ValueSyntaxError('bytes and text are not joined', next.start);
      for (const unit of unitsOf(next.value)) units.push(unit);
      this.charge(this.tokens.take().start, 1);
    }
    return first.kind === 'str' ? pyStrOf(units) : pyBytes(units);
  }

  private named(token: Token, name: string): PyValue {
    const constant = this.constants.get(name);
    if (constant !== undefined) return constant;
    if (!isConstructor(name) || !this.tokens.accept('(')) throw unexpected(token, 'a value');
    const args = this.nested(token, () => this.arguments(')'));
    this.charge(token.start, 4);
    return this.build(token.start, () => construct(name, args, this.context));
  }

  private operation(left: PyValue, operator: Token, right: PyValue): PyValue {
    return this.build(operator.start, () => binaryOperation(operatorOf(operator), left, right, this.context.meter));
  }

  private charge(offset: number, units: number): void {
    this.build(offset, () => this.context.meter.charge(units));
  }

  private isAtOneOf(operators: ReadonlySet<string>): boolean {
    const { current } = this.tokens;
    return current.kind === 'operator' && operators.has(current.operator);
  }

  /** Bounds the recursion, and with it the stack. After an error the parser is not used again. */
  private nested<T>(token: Token, parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ValueSyntaxError(`nested deeper than ${MAX_DEPTH} levels`, token.start);
    const parsed = parse();
    this.depth -= 1;
    return parsed;
  }

  /** Gives what Python would refuse its place in the text. */
  private build<T>(offset: number, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof InvalidValueError) throw new ValueSyntaxError(error.message, offset);
      throw error;
    }
  }
}

const operatorOf = (token: Token): string => (token.kind === 'operator' ? token.operator : '');

const unitsOf = (value: PyStr | PyBytes): Iterable<number> => (value.kind === 'str' ? value.codePoints : value.bytes);
