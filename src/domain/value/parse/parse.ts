import { Arguments } from '../arguments';
import { EqualityClasses } from '../equality-classes';
import { DEFAULT_MAX_LENGTH, WorkMeter } from '../limits';
import { PyValue, pyComplex, pyEllipsis, pyFalse, pyFloat, pyNone, pyTrue, pyTuple } from '../value';
import { Lexer } from './lexer';
import { Parser } from './parser';
import { TokenStream } from './token-stream';
import { ValueSyntaxError } from './value-syntax-error';

export interface ParseOptions {
  /** UTF-16 code units, 1,048,576 unless told. */
  readonly maxLength?: number;
  /** Reads `nan` and `inf` as `repr` writes them. They are no values in what a model writes. */
  readonly allowReprNames?: boolean;
}

const CONSTANTS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ['None', pyNone],
  ['True', pyTrue],
  ['False', pyFalse],
  ['Ellipsis', pyEllipsis],
]);
const CONSTANTS_AND_REPR_NAMES: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ...CONSTANTS,
  ['nan', pyFloat(NaN)],
  ['inf', pyFloat(Infinity)],
  ['nanj', pyComplex(0, NaN)],
  ['infj', pyComplex(0, Infinity)],
]);

/**
 * Reads one value, as CPython would within parentheses: `1, 2` is a tuple.
 * @throws ValueSyntaxError
 */
export function parseValue(text: string, options: ParseOptions = {}): PyValue {
  const { items, hasComma } = parserOf(text, options).items('end');
  if (items.length === 0) throw new ValueSyntaxError('the text has no value', 0);
  return items.length === 1 && !hasComma ? items[0]! : pyTuple(items);
}

/**
 * Reads what stands between the parentheses of a call; an empty text is no arguments.
 * @throws ValueSyntaxError
 */
export function parseArguments(text: string, options: ParseOptions = {}): Arguments {
  return parserOf(text, options).arguments('end');
}

function parserOf(text: string, { maxLength = DEFAULT_MAX_LENGTH, allowReprNames = false }: ParseOptions): Parser {
  if (text.length > maxLength) throw new ValueSyntaxError(`the text is longer than ${maxLength} characters`, maxLength);
  // Python sources have neither; elsewhere a lone surrogate would be a character of a name, a string or a comment.
  const illegal = text.search(/[\0\p{Surrogate}]/u);
  if (illegal >= 0) throw new ValueSyntaxError('the text has a NUL or a lone surrogate', illegal);
  return new Parser(
    new TokenStream(new Lexer(withLineFeeds(text))),
    { classes: new EqualityClasses('python'), meter: new WorkMeter() },
    allowReprNames ? CONSTANTS_AND_REPR_NAMES : CONSTANTS,
  );
}

/** CPython reads CRLF and CR as LF, within strings too. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.split('\r\n').join('\n').split('\r').join('\n') : text;
}
