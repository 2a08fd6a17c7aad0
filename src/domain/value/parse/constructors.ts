import { isNumber, toDouble, toInteger } from '../arithmetic/arithmetic';
import { pyDict, pyFrozenset, pySet } from '../collections';
import { EqualityClasses } from '../equality-classes';
import { WorkMeter } from '../limits';
import { complexOfText, floatOfText } from './number-text';
import {
  DictEntry, InvalidValueError, PyRange, PyValue, pyBytes, pyComplex, pyFloat, pyInt, pyRange, pyStr, pyStrOf, rangeLength,
} from '../value';

export interface Arguments {
  readonly positional: readonly PyValue[];
  /** in the order of the text; no name twice */
  readonly keyword: readonly (readonly [name: string, value: PyValue])[];
}

export interface BuildContext {
  readonly classes: EqualityClasses;
  readonly meter: WorkMeter;
}

type Constructor = (args: readonly PyValue[], context: BuildContext) => PyValue;

/** The only calls in the grammar. `dict` alone takes keywords. */
const CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['set', ([items], context) => pySet(elementsOf(items, 'set', context), context.classes)],
  ['frozenset', ([items], context) => frozenset(items, context)],
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
  if (positional.length > (MOST_ARGUMENTS[name] ?? 1)) throw new InvalidValueError(`${name}(...) has too many arguments`);
  if (name === 'dict') return dict(positional[0], keyword, context);
  if (keyword.length > 0) throw new InvalidValueError(`${name}(...) takes no keyword arguments`);
  return CONSTRUCTORS.get(name)!(positional, context);
}

function frozenset(items: PyValue | undefined, context: BuildContext): PyValue {
  return items?.kind === 'frozenset' ? items : pyFrozenset(elementsOf(items, 'frozenset', context), context.classes);
}

function dict(source: PyValue | undefined, keyword: Arguments['keyword'], context: BuildContext): PyValue {
  const named = keyword.map(([name, value]): DictEntry => [pyStr(name), value]);
  return pyDict([...entriesOf(source, context), ...named], context.classes);
}

function entriesOf(source: PyValue | undefined, context: BuildContext): readonly DictEntry[] {
  if (source?.kind === 'dict') {
    context.meter.charge(source.entries.length);
    return source.entries;
  }
  return elementsOf(source, 'dict', context).map((pair): DictEntry => {
    if ((pair.kind === 'list' || pair.kind === 'tuple') && pair.items.length === 2) return [pair.items[0]!, pair.items[1]!];
    throw new InvalidValueError('dict(...) needs lists or tuples of a key and a value');
  });
}

function bytes(source: PyValue | undefined, context: BuildContext): PyValue {
  if (source?.kind === 'bytes') return source;
  if (source?.kind === 'int' || source?.kind === 'bool') {
    const length = toInteger(source);
    if (length < 0n) throw new InvalidValueError('the length in bytes(...) is not negative');
    context.meter.charge(Number(length));
    return pyBytes(new Uint8Array(Number(length)));
  }
  if (source?.kind === 'set' || source?.kind === 'frozenset') {
    throw new InvalidValueError('bytes(...) of a set has no certain order');
  }
  return pyBytes(elementsOf(source, 'bytes', context).map(byteArgument));
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
  const elements = source === undefined ? [] : iterate(source, meter);
  if (elements === undefined) throw new InvalidValueError(`${name}(...) cannot iterate over a ${source?.kind}`);
  meter.charge(elements.length);
  return elements;
}

function iterate(source: PyValue, meter: WorkMeter): readonly PyValue[] | undefined {
  switch (source.kind) {
    case 'list':
    case 'tuple':
      return source.items;
    case 'set':
    case 'frozenset':
      return source.members;
    case 'dict':
      return source.entries.map(([key]) => key);
    case 'str':
      return source.codePoints.map((point) => pyStrOf([point]));
    case 'bytes':
      return Array.from(source.bytes, (byte) => pyInt(byte));
    case 'range':
      return integersOf(source, meter);
    default:
      return undefined;
  }
}

function integersOf(range: PyRange, meter: WorkMeter): PyValue[] {
  const length = Number(rangeLength(range));
  meter.charge(length); // before the elements are made
  return Array.from({ length }, (_, index) => pyInt(range.start + BigInt(index) * range.step));
}
