import { PyDict, PyFrozenset, PyList, PyRange, PySet, PyTuple, PyValue, rangeLength, textOf } from './value';

/** `strict`: by value and type at every depth. `python`: the operator `==`. */
export const EQUALITY_MODES = ['strict', 'python'] as const;
export type EqualityMode = (typeof EQUALITY_MODES)[number];

/**
 * Numbers values so that two have one number exactly when they are equal. Each value is visited once, so that comparing
 * costs O(n log n) (the sort of unordered members), whatever is nested in what and however often it is asked for. Keys
 * are strings because V8 seeds only the hash of strings: chosen integers cannot be made to collide.
 */
export class EqualityClasses {
  private count = 0;
  private readonly byKey = new Map<string, number>();
  private readonly byValue = new Map<PyValue, number>();

  constructor(private readonly mode: EqualityMode) {}

  of(value: PyValue): number {
    // Not remembered: a NaN does not equal itself.
    if (value.kind === 'float' || value.kind === 'complex') return this.classOf(this.keyOf(value));
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const number = this.classOf(this.keyOf(value));
    this.byValue.set(value, number);
    return number;
  }

  /** Whether this very value, not an equal one, has been numbered. */
  knows(value: PyValue): boolean {
    return this.byValue.has(value);
  }

  /** A null key stands for a value that equals no other one. */
  private classOf(key: string | null): number {
    if (key === null) return this.count++;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    this.byKey.set(key, this.count);
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
        return strKey(value.codePoints);
      case 'bytes':
        return `y${value.bytes.join()}`;
      case 'range':
        return rangeKey(value);
      default:
        return this.containerKey(value);
    }
  }

  private containerKey(value: PyList | PyTuple | PySet | PyFrozenset | PyDict): string {
    switch (value.kind) {
      case 'list':
      case 'tuple':
        return `${value.kind}${value.items.map((item) => this.of(item)).join()}`;
      case 'set':
      case 'frozenset': {
        const numbers = Float64Array.from(value.members, (member) => this.of(member)).sort();
        return `${this.mode === 'python' ? 'set' : value.kind}${numbers.join()}`;
      }
      case 'dict':
        return `dict${value.entries
          .map(([key, item]) => `${this.of(key)}:${this.of(item)}`)
          .sort()
          .join()}`;
    }
  }

  private floatKey(value: number): string | null {
    if (this.mode === 'strict') return `f${value}`; // one text for both zeros, and one for every NaN
    if (Number.isNaN(value)) return null;
    if (Number.isSafeInteger(value)) return `i${value}`;
    return Number.isInteger(value) ? integerKey(BigInt(value)) : `f${value}`;
  }

  private complexKey(re: number, im: number): string | null {
    if (this.mode === 'strict') return `c${re},${im}`;
    if (Number.isNaN(re) || Number.isNaN(im)) return null;
    return im === 0 ? this.floatKey(re) : `c${re},${im}`;
  }
}

function integerKey(value: bigint): string {
  const double = Number(value);
  if (Number.isSafeInteger(double)) return `i${double}`;
  return `I${value.toString(16)}`; // linear in its length, which base 10 is not
}

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

function strKey(codePoints: readonly number[]): string {
  return codePoints.some(isSurrogate) ? `"${codePoints.join()}` : `'${textOf(codePoints)}`;
}

/** Ranges are equal as sequences: `range(0) == range(2, 1)`, `range(0, 3, 2) == range(0, 4, 2)`. */
function rangeKey(range: PyRange): string {
  const length = rangeLength(range);
  if (length === 0n) return 'r';
  const first = `r${length.toString(16)},${range.start.toString(16)}`;
  return length === 1n ? first : `${first},${range.step.toString(16)}`;
}
