import { PyDict, PyFrozenset, PyList, PyRange, PySet, PyStr, PyTuple, PyValue, rangeLength } from './value';

/** `strict`: by value and type at every depth. `python`: the operator `==`. */
export const EQUALITY_MODES = ['strict', 'python'] as const;
export type EqualityMode = (typeof EQUALITY_MODES)[number];

/** A shorter key is made again rather than remembered. */
const LONG_KEY = 64;

/** A class's number is less, so that two of them are one exact double. */
const MAX_CLASSES = 2 ** 26;

/**
 * Numbers values so that two have one number exactly when they are equal. Members of sets are remembered, for a set of
 * sets asks for them again, so that comparing costs O(n log n) (the sort of unordered members), whatever is nested in
 * what. Keys are strings because V8 seeds only the hash of strings, and begin with a sign of their kind because it does
 * not seed that of strings of digits: no values can be chosen whose keys collide.
 */
export class EqualityClasses {
  private count = 0;
  private readonly byKey = new Map<string, number>();
  private readonly byValue = new Map<PyValue, number>();

  constructor(private readonly mode: EqualityMode) {}

  /** Only what has no order is numbered. */
  areEqual(a: PyValue, b: PyValue): boolean {
    if (isSequence(a) || isSequence(b)) {
      if (!isSequence(a) || !isSequence(b) || a.kind !== b.kind || a.items.length !== b.items.length) return false;
      return a.items.every((item, index) => this.areEqual(item, b.items[index]!));
    }
    if (isContainer(a) || isContainer(b)) return sizeOf(a) === sizeOf(b) && this.numberOf(a) === this.numberOf(b);
    const key = this.keyOf(a);
    return key !== null && key === this.keyOf(b);
  }

  /** The number of a value, the same for all that are equal to it. */
  of(value: PyValue): number {
    const number = this.numberOf(value);
    if (isContainer(value)) this.byValue.set(value, number);
    return number;
  }

  /** Whether `of` has been asked for this very container, not for an equal one. */
  knows(value: PyValue): boolean {
    return this.byValue.has(value);
  }

  private numberOf(value: PyValue): number {
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const key = this.keyOf(value);
    const number = this.classOf(key);
    if (value.kind === 'frozenset' || (key !== null && key.length > LONG_KEY)) this.byValue.set(value, number);
    return number;
  }

  /** A null key stands for a value that equals no other one. */
  private classOf(key: string | null): number {
    const known = key === null ? undefined : this.byKey.get(key);
    if (known !== undefined) return known;
    if (this.count === MAX_CLASSES) throw new RangeError(`more than ${MAX_CLASSES} different values`);
    if (key !== null) this.byKey.set(key, this.count);
    return this.count++;
  }

  private keyOf(value: PyValue): string | null {
    switch (value.kind) {
      case 'none':
      case 'ellipsis':
        return value.kind;
      case 'bool':
        return this.mode === 'python' ? integerKey(value.value ? 1n : 0n) : `b${value.value}`;
      case 'int':
        return integerKey(value.value);
      case 'float':
        return this.floatKey(value.value);
      case 'complex':
        return this.complexKey(value.re, value.im);
      case 'str':
        return strKey(value);
      case 'bytes':
        return `y${value.latin1}`;
      case 'range':
        return rangeKey(value);
      default:
        return this.containerKey(value);
    }
  }

  private containerKey(value: Container): string {
    switch (value.kind) {
      case 'list':
        return this.sequenceKey('[', value.items);
      case 'tuple':
        return this.sequenceKey('(', value.items);
      case 'set':
        return unorderedKey('{', value.members, (member) => this.numberOf(member));
      case 'frozenset':
        return unorderedKey(this.mode === 'python' ? '{' : '<', value.members, (member) => this.numberOf(member));
      case 'dict':
        return unorderedKey(
          ':',
          value.entries,
          ([key, item]) => this.numberOf(key) * MAX_CLASSES + this.numberOf(item),
        );
    }
  }

  private sequenceKey(sign: string, items: readonly PyValue[]): string {
    let key = sign;
    for (const item of items) key += `${this.numberOf(item)},`;
    return key;
  }

  private floatKey(value: number): string | null {
    if (this.mode === 'strict') return doubleKey(value);
    if (Number.isNaN(value)) return null;
    if (Number.isSafeInteger(value)) return `i${value}`;
    return Number.isInteger(value) ? integerKey(BigInt(value)) : doubleKey(value);
  }

  private complexKey(re: number, im: number): string | null {
    if (this.mode === 'strict') return `c${doubleKey(re)}${doubleKey(im)}`;
    if (Number.isNaN(re) || Number.isNaN(im)) return null;
    return im === 0 ? this.floatKey(re) : `c${doubleKey(re)}${doubleKey(im)}`;
  }
}

type Container = PyList | PyTuple | PySet | PyFrozenset | PyDict;
const CONTAINERS: ReadonlySet<string> = new Set(['list', 'tuple', 'set', 'frozenset', 'dict']);
const isContainer = (value: PyValue): boolean => CONTAINERS.has(value.kind);
const isSequence = (value: PyValue): value is PyList | PyTuple => value.kind === 'list' || value.kind === 'tuple';

/** How many members or keys; where they differ in that, nothing needs a number. */
function sizeOf(value: PyValue): number | undefined {
  if (value.kind === 'dict') return value.entries.length;
  return value.kind === 'set' || value.kind === 'frozenset' ? value.members.length : undefined;
}

function unorderedKey<T>(sign: string, parts: readonly T[], numberOf: (part: T) => number): string {
  const numbers = new Float64Array(parts.length);
  parts.forEach((part, index) => (numbers[index] = numberOf(part)));
  return sign + numbers.sort().join();
}

const DOUBLE = new Float64Array(1);
const QUARTERS = new Uint16Array(DOUBLE.buffer);

/** Its bits as four characters, much faster than its digits; those of 0.0 for both zeros, of one NaN for all. */
function doubleKey(value: number): string {
  DOUBLE[0] = Number.isNaN(value) ? NaN : value + 0;
  return `f${String.fromCharCode(QUARTERS[0]!, QUARTERS[1]!, QUARTERS[2]!, QUARTERS[3]!)}`;
}

function integerKey(value: bigint): string {
  const double = Number(value);
  if (Number.isSafeInteger(double)) return `i${double}`;
  return `I${value.toString(16)}`; // linear in its length, which base 10 is not
}

const strKey = ({ text, splits }: PyStr): string => (splits.length === 0 ? `'${text}` : `"${splits.join()}'${text}`);

/** Ranges are equal as sequences: `range(0) == range(2, 1)`, `range(0, 3, 2) == range(0, 4, 2)`. */
function rangeKey(range: PyRange): string {
  const length = rangeLength(range);
  if (length === 0n) return 'r';
  const first = `r${length.toString(16)},${range.start.toString(16)}`;
  return length === 1n ? first : `${first},${range.step.toString(16)}`;
}
