import { Arguments } from '../arguments';
import { EqualityClasses } from '../equality-classes';
import { MAX_DEPTH, MAX_LENGTH, MAX_WORK, WorkMeter } from '../limits';
import { canonicalArguments, canonicalText } from '../repr/canonical';
import { ReadingCost } from '../repr/reading-cost';
import { PyValue, pyComplex, pyEllipsis, pyFalse, pyFloat, pyNone, pyTrue } from '../value';
import { Lexer } from './lexer';
import { Parser } from './parser';
import { TokenStream } from './token-stream';
import { ValueSyntaxError } from './value-syntax-error';

export interface ParseOptions {
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
export function parseValue(text: string, options?: ParseOptions): PyValue {
  const value = parserOf(text, options).value();
  const cost = new ReadingCost();
  cost.value(value);
  requireReadable(cost, () => canonicalText(value));
  return value;
}

/**
 * Reads what stands between the parentheses of a call; an empty text is no arguments.
 * @throws ValueSyntaxError
 */
export function parseArguments(text: string, options?: ParseOptions): Arguments {
  const args = parserOf(text, options).arguments();
  const cost = new ReadingCost();
  cost.arguments(args);
  requireReadable(cost, () => canonicalArguments(args));
  return args;
}

/** Whatever is read has a canonical text that can be read: it keeps the same bounds. */
function requireReadable({ units, levels, strings, others }: ReadingCost, canonical: () => string): void {
  const isLong = strings > MAX_LENGTH || (strings + others > MAX_LENGTH && canonical().length > MAX_LENGTH);
  if (units <= MAX_WORK && levels <= MAX_DEPTH && !isLong) return;
  throw new ValueSyntaxError('the value is over a bound in its canonical text', 0);
}

function parserOf(text: string, { allowReprNames = false }: ParseOptions = {}): Parser {
  if (text.length > MAX_LENGTH) {
    throw new ValueSyntaxError(`the text is longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  }
  // Python sources have neither; elsewhere a lone surrogate would be a character of a name, a string or a comment.
  const illegal = text.search(/[\0\p{Surrogate}]/u);
  if (illegal >= 0) throw new ValueSyntaxError('the text has a NUL or a lone surrogate', illegal);
  const context = { classes: new EqualityClasses('python'), meter: new WorkMeter() };
  return new Parser(new TokenStream(new Lexer(text)), context, allowReprNames ? CONSTANTS_AND_REPR_NAMES : CONSTANTS);
}
