/**
 * Python values as trusted code sees them: data, with no behaviour of their own. Every value is immutable and a tree.
 * Build sets and dicts with `collections.ts`, which keeps their members distinct.
 */
export type PyValue =
  | PyNone
  | PyEllipsis
  | PyBool
  | PyInt
  | PyFloat
  | PyComplex
  | PyStr
  | PyBytes
  | PyList
  | PyTuple
  | PySet
  | PyFrozenset
  | PyDict
  | PyRange;

export interface PyNone {
  readonly kind: 'none';
}

export interface PyEllipsis {
  readonly kind: 'ellipsis';
}

export interface PyBool {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface PyInt {
  readonly kind: 'int';
  readonly value: bigint;
}

export interface PyFloat {
  readonly kind: 'float';
  readonly value: number;
}

export interface PyComplex {
  readonly kind: 'complex';
  readonly re: number;
  readonly im: number;
}

/**
 * A string of code points, held as JavaScript text. Python tells the two surrogates `'\ud83d\ude00'` from the character
 * `'😀'`, whose text is the same: `splits` tells them apart. Build it with `str.ts`.
 */
export interface PyStr {
  readonly kind: 'str';
  readonly text: string;
  /** Rising offsets in `text` of the low surrogates that are code points of their own, behind a high one that is. */
  readonly splits: readonly number[];
}

export interface PyBytes {
  readonly kind: 'bytes';
  /** A character from U+0000 to U+00FF for each byte: far smaller and faster than an array. */
  readonly latin1: string;
}

export interface PyList {
  readonly kind: 'list';
  readonly items: readonly PyValue[];
}

export interface PyTuple {
  readonly kind: 'tuple';
  readonly items: readonly PyValue[];
}

/** No two members are equal in Python's sense. */
export interface PySet {
  readonly kind: 'set';
  readonly members: readonly PyValue[];
}

export interface PyFrozenset {
  readonly kind: 'frozenset';
  readonly members: readonly PyValue[];
}

export type DictEntry = readonly [key: PyValue, value: PyValue];

/** Entries in insertion order; no two keys are equal in Python's sense. */
export interface PyDict {
  readonly kind: 'dict';
  readonly entries: readonly DictEntry[];
}

/** `step` is never 0. */
export interface PyRange {
  readonly kind: 'range';
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

/** A value, or what its making needs, that Python would refuse or that is over a bound. Knows no text and no offset. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError';
}

export const pyNone: PyNone = { kind: 'none' };
export const pyEllipsis: PyEllipsis = { kind: 'ellipsis' };
export const pyTrue: PyBool = { kind: 'bool', value: true };
export const pyFalse: PyBool = { kind: 'bool', value: false };

export const pyBool = (value: boolean): PyBool => (value ? pyTrue : pyFalse);
export const pyInt = (value: bigint | number): PyInt => ({ kind: 'int', value: BigInt(value) });
export const pyFloat = (value: number): PyFloat => ({ kind: 'float', value });
export const pyComplex = (re: number, im: number): PyComplex => ({ kind: 'complex', re, im });
export const pyList = (items: readonly PyValue[]): PyList => ({ kind: 'list', items });
export const pyTuple = (items: readonly PyValue[]): PyTuple => ({ kind: 'tuple', items });

/** @throws InvalidValueError if `step` is 0 */
export function pyRange(start: bigint, stop: bigint, step = 1n): PyRange {
  if (step === 0n) throw new InvalidValueError('the step of a range is not 0');
  return { kind: 'range', start, stop, step };
}

/** The number of integers in a range. */
export function rangeLength({ start, stop, step }: PyRange): bigint {
  const span = step > 0n ? stop - start : start - stop;
  const stride = step > 0n ? step : -step;
  return span <= 0n ? 0n : (span - 1n) / stride + 1n;
}
