import { InvalidValueError } from './value';

/** UTF-16 code units of one text. */
export const DEFAULT_MAX_LENGTH = 1 << 20;

/** Brackets, calls and right-hand sides of `**` within each other; also signs in a row. CPython stops at 200 brackets. */
export const MAX_DEPTH = 100;

/** Decimal digits of an integer, as in CPython (`sys.int_info.default_max_str_digits`): a longer one has no repr. */
export const MAX_INTEGER_DIGITS = 4300;

const INTEGER_BOUND = 10n ** BigInt(MAX_INTEGER_DIGITS);

/** @throws InvalidValueError for an integer of more than 4,300 digits */
export function boundedInteger(value: bigint): bigint {
  if (value >= INTEGER_BOUND || value <= -INTEGER_BOUND) {
    throw new InvalidValueError(`an integer has at most ${MAX_INTEGER_DIGITS} digits`);
  }
  return value;
}

/**
 * Work of one text: a unit for each value read, each element copied by a constructor and each small operation; more for
 * operations on large numbers. A unit costs less than 0.4 µs.
 */
export const MAX_WORK = 1 << 17;

/** Bounds what a text can cost in time and memory: many values, powers of powers, `set(range(10**9))`. */
export class WorkMeter {
  private left = MAX_WORK;

  /** @throws InvalidValueError when the work is used up */
  charge(units: number): void {
    this.left -= units;
    if (!(this.left >= 0)) throw new InvalidValueError(`the text has too many values or too much arithmetic`);
  }
}
