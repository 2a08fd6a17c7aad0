import { Arguments } from '../arguments';
import { isNumber, toDouble, toInteger } from '../arithmetic/arithmetic';
import { unitsOf } from '../arithmetic/integer-size';
import { bytesOf, pyBytes, pyBytesOf } from '../bytes';
import { pyDict, pySet } from '../collections';
import { EqualityClasses } from '../equality-classes';
import { WorkMeter } from '../limits';
import { charactersOf, pyStr } from '../str';
import {
  DictEntry,
  InvalidValueError,
  PyRange,
  PyValue,
  pyComplex,
  pyFloat,
  pyInt,
  pyRange,
  rangeLength,
} from '../value';
import { complexOfText, floatOfText } from './number-text';

export interface BuildContext {
  readonly classes: EqualityClasses;
  readonly meter: WorkMeter;
}

type Constructor = (args: readonly PyValue[], context: BuildContext) => PyValue;

/** The only calls in the grammar. `dict` alone takes keywords. */
const CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['set', ([items], context) => ({ kind: 'set', members: membersOf(items, 'set', context) })],
  ['frozenset', ([items], context) => ({ kind: 'frozenset', members: membersOf(items, 'frozenset', context) })],
  ['range', (args) => range(args.map((argument) => integerArgument(argument, 'range')))],
  ['bytes', ([source], context) => bytes(source, context)],
  ['float', ([source]) => float(source)],
  ['complex', (args) => complex(args)],
]);
const MOST_ARGUMENTS: Record<string, number | undefined> = { range: 3, complex: 2 };

export function isConstructor(name: string): boolean {
  return name === 'dict' || CONSTRUCTORS.has(name);
}

/** @throws InvalidValueError for arguments that Python refuses, or that the grammar leaves out */
export function construct(name: string, { positional, keyword }: Arguments, context: BuildContext): PyValue {
  const most = MOST_ARGUMENTS[name] ?? 1;
  if (positional.length > most) throw new InvalidValueError(`${name}(...) takes at most ${most} argument(s)`);
  if (name === 'dict') return dict(positional[0], keyword, context);
  if (keyword.length > 0) throw new InvalidValueError(`${name}(...) takes no keyword arguments`);
  return CONSTRUCTORS.get(name)!(positional, context);
}

/** Those of another set are distinct already; all values are immutable, so that they can be shared. */
function membersOf(source: PyValue | undefined, name: string, context: BuildContext): readonly PyValue[] {
  if (source?.kind === 'set' || source?.kind === 'frozenset') return source.members;
  const elements = elementsOf(source, name, context);
  context.meter.charge(elements.length);
  return pySet(elements, context.classes).members;
}

function dict(source: PyValue | undefined, keyword: Arguments['keyword'], context: BuildContext): PyValue {
  const named = keyword.map(([name, value]): DictEntry => [pyStr(name), value]);
  if (source?.kind === 'dict' && named.length === 0) return source;
  const entries = [...entriesOf(source, context), ...named];
  context.meter.charge(entries.length);
  return pyDict(entries, context.classes);
}

function entriesOf(source: PyValue | undefined, context: BuildContext): readonly DictEntry[] {
  if (source?.kind === 'dict') return source.entries;
  refuseUnordered(source, 'dict');
  return elementsOf(source, 'dict', context).map((pair): DictEntry => {
    const [key, value, ...more] = pair.kind === 'list' || pair.kind === 'tuple' ? pair.items : [];
    if (key !== undefined && value !== undefined && more.length === 0) return [key, value];
    throw new InvalidValueError('dict(...) needs lists or tuples of a key and a value');
  });
}

function bytes(source: PyValue | undefined, context: BuildContext): PyValue {
  if (source?.kind === 'bytes') return source;
  if (source?.kind === 'int' || source?.kind === 'bool') {
    const length = toInteger(source);
    if (length < 0n) throw new InvalidValueError('the length in bytes(...) is not negative');
    context.meter.charge(Number(length));
    return pyBytesOf('\0'.repeat(Number(length)));
  }
  if (source?.kind === 'str') throw new InvalidValueError('bytes(...) of a str needs an encoding');
  refuseUnordered(source, 'bytes');
  return pyBytes(elementsOf(source, 'bytes', context).map(byteArgument));
}

/** What has an order is not made of a set: that of CPython is not known here. */
function refuseUnordered(source: PyValue | undefined, name: string): void {
  if (source?.kind !== 'set' && source?.kind !== 'frozenset') return;
  throw new InvalidValueError(`${name}(...) of a set has no certain order`);
}

function byteArgument(item: PyValue): number {
  const value = integerArgument(item, 'bytes');
  if (value < 0n || value > 255n) throw new InvalidValueError('a byte lies between 0 and 255');
  return Number(value);
}

function range(bounds: readonly bigint[]): PyValue {
  if (bounds.length === 0) throw new InvalidValueError('range(...) needs an argument');
  return bounds.length === 1 ? pyRange(0n, bounds[0]!) : pyRange(bounds[0]!, bounds[1]!, bounds[2]);
}

function float(source: PyValue | undefined): PyValue {
  if (source === undefined) return pyFloat(0);
  if (source.kind === 'str') return floatOfText(source);
  if (isNumber(source) && source.kind !== 'complex') return pyFloat(toDouble(source));
  throw new InvalidValueError(`float(...) takes a real number or its text, not a ${source.kind}`);
}

function complex(parts: readonly PyValue[]): PyValue {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'str') return complexOfText(first);
  if (parts.length === 1 && first?.kind === 'complex') return first;
  const [re = 0, im = 0] = parts.map((part) => {
    if (isNumber(part) && part.kind !== 'complex') return toDouble(part);
    throw new InvalidValueError('complex(...) takes real numbers, or one text or complex number');
  });
  return pyComplex(re, im);
}

function integerArgument(value: PyValue, name: string): bigint {
  if (value.kind === 'int' || value.kind === 'bool') return toInteger(value);
  throw new InvalidValueError(`${name}(...) needs integers, not a ${value.kind}`);
}

/** What iterating over a value gives; nothing for a missing argument. */
function elementsOf(source: PyValue | undefined, name: string, { meter }: BuildContext): readonly PyValue[] {
  const elements: PyValue[] = [];
  for (const element of source === undefined ? [] : iterate(source, name)) {
    meter.charge(element.kind === 'int' ? unitsOf(element.value) : 1);
    elements.push(element);
  }
  return elements;
}

function iterate(source: PyValue, name: string): Iterable<PyValue> {
  switch (source.kind) {
    case 'list':
    case 'tuple':
      return source.items;
    case 'set':
    case 'frozenset':
      return source.members;
    case 'dict':
      return mapped(source.entries, ([key]) => key);
    case 'str':
      return mapped(charactersOf(source), (character) => pyStr(character));
    case 'bytes':
      return mapped(bytesOf(source), pyInt);
    case 'range':
      return integersOf(source);
    default:
      throw new InvalidValueError(`${name}(...) cannot iterate over a ${source.kind}`);
  }
}

function* mapped<T>(source: Iterable<T>, toValue: (item: T) => PyValue): Iterable<PyValue> {
  for (const item of source) yield toValue(item);
}

function* integersOf(range: PyRange): Iterable<PyValue> {
  const length = rangeLength(range);
  for (let index = 0n; index < length; index += 1n) yield pyInt(range.start + index * range.step);
}
