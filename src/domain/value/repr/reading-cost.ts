import { Arguments } from '../arguments';
import { unitsOf, unitsOfOperation, words } from '../arithmetic/integer-size';
import { PyComplex, PyRange, PyValue } from '../value';
import { bytesReprLength, strReprLength } from './string-repr';

const ATOM = 1;
const CALL = 4;
const OPERATION = 1;

const LONGEST_CONSTANT = 'Ellipsis'.length;
/** Of what a call has around its arguments. */
const LONGEST_FRAME = 'frozenset()'.length;
const SEPARATOR = 2;

/** What it costs to read the canonical text of a value, or of arguments, told without writing that text. */
export class ReadingCost {
  /** Of work, as the parser charges them. */
  units = 0;
  /** Brackets and calls within each other. */
  levels = 0;
  /** UTF-16 units of all strings and bytes together, with their quotes. */
  strings = 0;
  /** UTF-16 units of all else, at most. */
  others = 0;

  arguments({ positional, keyword }: Arguments): void {
    for (const value of positional) this.value(value);
    for (const [name, value] of keyword) {
      this.units += CALL;
      this.others += name.length + 1;
      this.value(value);
    }
  }

  /** Counts a value that stands within so many levels, with what separates it from the next. */
  value(value: PyValue, level = 0): void {
    this.others += SEPARATOR;
    switch (value.kind) {
      case 'str':
        return this.string(strReprLength(value));
      case 'bytes':
        return this.string(bytesReprLength(value));
      case 'int':
        return this.integer(value.value);
      case 'float':
        return this.float(value.value, level);
      case 'complex':
        return this.complex(value, level);
      case 'range':
        return this.range(value, level);
      case 'list':
      case 'tuple':
        return this.brackets(value.items, level);
      case 'set':
        return value.members.length === 0 ? this.call(level) : this.setDisplay(value.members, level);
      case 'frozenset':
        this.call(level);
        return value.members.length === 0 ? undefined : this.setDisplay(value.members, level + 1);
      case 'dict':
        this.units += value.entries.length;
        return this.brackets(value.entries.flat(), level);
      default:
        this.units += ATOM;
        this.others += LONGEST_CONSTANT;
    }
  }

  private string(length: number): void {
    this.units += ATOM;
    this.strings += length;
  }

  private integer(value: bigint): void {
    this.units += unitsOf(value) + (value < 0n ? unitsOfOperation(value, 1n) : 0);
    const size = words(value);
    this.others += size === 1 ? String(value).length : 1 + 20 * size; // the largest word has 20 digits
  }

  private float(value: number, level: number): void {
    this.others += floatLength(value);
    if (Number.isFinite(value)) this.units += ATOM + (isSigned(value) ? OPERATION : 0);
    else this.textCall(level);
  }

  private complex({ re, im }: PyComplex, level: number): void {
    this.others += floatLength(re) + floatLength(im);
    if (!Number.isFinite(re) || !Number.isFinite(im)) return this.textCall(level);
    if (Object.is(re, 0)) this.units += ATOM + (isSigned(im) ? OPERATION : 0);
    else {
      this.open(level);
      this.others += 3; // its parentheses and j
      this.units += 3 * ATOM + OPERATION + (isSigned(re) ? OPERATION : 0);
    }
  }

  private range({ start, stop, step }: PyRange, level: number): void {
    this.call(level);
    for (const bound of step === 1n ? [start, stop] : [start, stop, step]) this.integer(bound);
  }

  private setDisplay(members: readonly PyValue[], level: number): void {
    this.units += members.length;
    this.brackets(members, level);
  }

  private brackets(values: readonly PyValue[], level: number): void {
    this.units += ATOM;
    this.others += SEPARATOR; // the brackets
    this.open(level);
    for (const value of values) this.value(value, level + 1);
  }

  /** The call of a constructor on a text. */
  private textCall(level: number): void {
    this.call(level);
    this.units += ATOM;
  }

  private call(level: number): void {
    this.units += ATOM + CALL;
    this.others += LONGEST_FRAME;
    this.open(level);
  }

  private open(level: number): void {
    this.levels = Math.max(this.levels, level + 1);
  }
}

/** At most: JavaScript writes the same digits, but 5 for 5.0, and e-7 for e-07. */
const floatLength = (value: number): number => String(value).length + 2;

const isSigned = (value: number): boolean => value < 0 || Object.is(value, -0);
