export * from './value';
export { pyDict, pyFrozenset, pySet } from './collections';
export type { Arguments } from './parse/constructors';
export { type ParseOptions, parseArguments, parseValue } from './parse/parse';
export { ValueSyntaxError } from './parse/value-syntax-error';
export { canonicalArguments, canonicalText } from './repr/canonical';
export type { EqualityMode } from './equality-classes';
export { equalValues } from './equality';
export { DEFAULT_MAX_LENGTH, MAX_DEPTH, MAX_INTEGER_DIGITS } from './limits';
