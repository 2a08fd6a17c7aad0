import { EqualityClasses } from './equality-classes';
import { DictEntry, InvalidValueError, PyDict, PyFrozenset, PySet, PyValue } from './value';

/**
 * Of equal members the first stays, as in CPython: `{1, True}` is `{1}`.
 * @param classes numbering in the mode `python`; share it between the collections of one value to keep building linear
 * @throws InvalidValueError if a member is not hashable
 */
export function pySet(members: readonly PyValue[], classes = new EqualityClasses('python')): PySet {
  return { kind: 'set', members: distinct(members, classes) };
}

/** @see pySet */
export function pyFrozenset(members: readonly PyValue[], classes = new EqualityClasses('python')): PyFrozenset {
  return { kind: 'frozenset', members: distinct(members, classes) };
}

/**
 * Of equal keys the first stays and the last value wins, as in CPython: `{True: 1, 1: 2}` is `{True: 2}`.
 * @see pySet
 */
export function pyDict(entries: readonly DictEntry[], classes = new EqualityClasses('python')): PyDict {
  const byClass = new Map<number, DictEntry>();
  for (const entry of entries) {
    const number = numberOf(entry[0], classes);
    const first = byClass.get(number);
    byClass.set(number, first === undefined ? entry : [first[0], entry[1]]);
  }
  return { kind: 'dict', entries: [...byClass.values()] };
}

function distinct(members: readonly PyValue[], classes: EqualityClasses): PyValue[] {
  const byClass = new Map<number, PyValue>();
  for (const member of members) {
    const number = numberOf(member, classes);
    if (!byClass.has(number)) byClass.set(number, member);
  }
  return [...byClass.values()];
}

/** A value that was numbered before was hashable then. */
function numberOf(value: PyValue, classes: EqualityClasses): number {
  const culprit = classes.knows(value) ? undefined : unhashablePart(value);
  if (culprit === undefined) return classes.of(value);
  throw new InvalidValueError(`a ${culprit} cannot be a member of a set or a key of a dict`);
}

function unhashablePart(value: PyValue): string | undefined {
  if (value.kind === 'list' || value.kind === 'set' || value.kind === 'dict') return value.kind;
  if (value.kind !== 'tuple') return undefined;
  for (const item of value.items) {
    const culprit = unhashablePart(item);
    if (culprit !== undefined) return culprit;
  }
  return undefined;
}
