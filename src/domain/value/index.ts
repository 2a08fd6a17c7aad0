export * from './value';
export { pyDict, pyFrozenset, pySet } from './collections';
export type { Arguments } from './arguments';
export { type ParseOptions, parseArguments, parseValue } from './parse/parse';
export { ValueSyntaxError } from './parse/value-syntax-error';
export { canonicalArguments, canonicalText } from './repr/canonical';
export { EQUALITY_MODES, type EqualityMode } from './equality-classes';
export { equalValues } from './equality';
