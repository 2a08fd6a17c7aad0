import { Random } from '../../../src/domain/random/random';
import {
  PyDict,
  PyFrozenset,
  PyList,
  PySet,
  PyStr,
  PyTuple,
  PyValue,
  bytesOf,
  canonicalText,
  codePointsOf,
  pyBool,
  pyBytes,
  pyComplex,
  pyDict,
  pyEllipsis,
  pyFloat,
  pyFrozenset,
  pyInt,
  pyList,
  pyNone,
  pyRange,
  pySet,
  pyStr,
  pyStrOf,
  pyTuple,
} from '../../../src/domain/value';
import { onceIn, pick } from './pick';

/**
 * A value that differs from the given one in one place, or only in its order: another type of the same number or of the
 * same members, a neighbour, a part more or less. Often the two are equal in one mode and not in the other.
 */
export function nearValue(value: PyValue, random: Random): PyValue {
  if (onceIn(3, random)) return changed(value, random);
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return { ...value, items: nearOne(value.items, random) };
    case 'set':
      return hashableOr(value, () => pySet(shuffled(nearOne(value.members, random), random)));
    case 'frozenset':
      return hashableOr(value, () => pyFrozenset(shuffled(nearOne(value.members, random), random)));
    case 'dict':
      return nearDict(value, random);
    default:
      return changed(value, random);
  }
}

function nearDict({ entries }: PyDict, random: Random): PyValue {
  if (entries.length === 0) return pySet([]);
  const at = random.below(entries.length);
  const near = entries.map(([key, item], index) => {
    if (index !== at) return [key, item] as const;
    return onceIn(2, random) ? ([nearValue(key, random), item] as const) : ([key, nearValue(item, random)] as const);
  });
  return hashableOr(pyDict(entries), () => pyDict(shuffled(near, random)));
}

function nearOne(items: readonly PyValue[], random: Random): PyValue[] {
  const at = random.below(items.length + 1);
  return items.map((item, index) => (index === at ? nearValue(item, random) : item));
}

/** A member that was changed may have become a list. */
function hashableOr(value: PyValue, make: () => PyValue): PyValue {
  try {
    return make();
  } catch {
    return value;
  }
}

function changed(value: PyValue, random: Random): PyValue {
  switch (value.kind) {
    case 'none':
      return pick(random, [pyEllipsis, pyBool(false), pyStr('')]);
    case 'ellipsis':
      return pyNone;
    case 'bool':
      return pick(random, [pyInt(value.value ? 1n : 0n), pyFloat(Number(value.value)), pyBool(!value.value)]);
    case 'int':
      return nearInteger(value.value, random);
    case 'float':
      return nearFloat(value.value, random);
    case 'complex':
      return pick(random, [pyComplex(-value.re, value.im), pyComplex(value.re, -value.im), pyFloat(value.re)]);
    case 'str':
      return nearStr(value, random);
    case 'bytes':
      return pick(random, [pyStr(value.latin1), pyBytes([...bytesOf(value), 0]), pyBytes([])]);
    case 'range':
      return pick(random, [
        pyRange(value.start, value.stop + value.step, value.step),
        pyRange(value.start, value.stop, 2n * value.step),
        pyRange(value.stop, value.start, value.step),
      ]);
    default:
      return changedContainer(value, random);
  }
}

function nearInteger(value: bigint, random: Random): PyValue {
  const double = Number(value);
  const others: PyValue[] = [pyInt(value + 1n), pyInt(-value), pyStr(`${value}`.slice(0, 99))];
  if (Number.isFinite(double)) others.push(pyFloat(double), pyFloat(double), pyComplex(double, pick(random, [0, -0])));
  if (value === 0n || value === 1n) others.push(pyBool(value === 1n), pyBool(value === 1n));
  return pick(random, others);
}

function nearFloat(value: number, random: Random): PyValue {
  const others: PyValue[] = [pyFloat(-value), pyComplex(value, pick(random, [0, -0])), pyFloat(nextDouble(value))];
  if (Number.isInteger(value)) others.push(pyInt(BigInt(value)), pyInt(BigInt(value)), pyInt(BigInt(value) + 1n));
  return pick(random, others);
}

function nextDouble(value: number): number {
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0]! += 1n;
  return double[0];
}

/** Pairs of surrogates become characters, and characters pairs. */
function nearStr(value: PyStr, random: Random): PyValue {
  const points = codePointsOf(value);
  const wide = points.flatMap((point) => (point > 0xffff ? surrogatesOf(point) : [point]));
  return pick(random, [
    pyStr(value.text),
    pyStrOf(wide),
    pyStrOf(wide.slice(1)),
    pyStr(value.text.normalize('NFD')),
    pyList(Array.from(value.text, (char) => pyStr(char))),
    points.every((point) => point < 0x100) ? pyBytes(points) : pyStrOf([...points, 0x20]),
  ]);
}

const surrogatesOf = (point: number): number[] => [0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff)];

function changedContainer(value: PyList | PyTuple | PySet | PyFrozenset | PyDict, random: Random): PyValue {
  switch (value.kind) {
    case 'list':
      return pick(random, [pyTuple(value.items), pyList(value.items.slice(1)), pyList(shuffled(value.items, random))]);
    case 'tuple':
      return pick(random, [pyList(value.items), pyTuple([...value.items, pyNone]), pyTuple(value.items.slice(1))]);
    case 'set':
      return pick(random, [pyFrozenset(value.members), pySet(value.members.slice(1)), pyList(value.members)]);
    case 'frozenset':
      return pick(random, [pySet(value.members), pyFrozenset(value.members.slice(1)), pyTuple(value.members)]);
    case 'dict':
      return pick(random, [
        pyDict(shuffled(value.entries, random)),
        pyDict(value.entries.slice(1)),
        pySet(value.entries.map(([key]) => key)),
        pyDict(value.entries.map(([key]) => [key, pyStr(canonicalText(key).slice(0, 9))])),
      ]);
  }
}

const shuffled = <T>(items: readonly T[], random: Random): T[] => random.shuffle(items);
