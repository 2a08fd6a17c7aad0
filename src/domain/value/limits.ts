import { InvalidValueError } from './value';

/** UTF-16 code units of one text. */
export const MAX_LENGTH = 1 << 20;

/**
 * Brackets, calls and right-hand sides of `**` within each other; also signs in a row. It has room for 50 levels of
 * values each written with three, as in `dict([(k, v)])`, and stays within the 200 brackets of CPython.
 */
export const MAX_DEPTH = 150;

/** Decimal digits of an integer, as in CPython (`sys.int_info.default_max_str_digits`): a longer one has no repr. */
export const MAX_INTEGER_DIGITS = 4300;

const INTEGER_BOUND = 10n ** BigInt(MAX_INTEGER_DIGITS);

/** @throws InvalidValueError for an integer of more than 4,300 digits */
export function boundedInteger(value: bigint): bigint {
  if (value >= INTEGER_BOUND || value <= -INTEGER_BOUND) throw integerTooLong();
  return value;
}

export function integerTooLong(): InvalidValueError {
  return new InvalidValueError(`an integer has at most ${MAX_INTEGER_DIGITS} digits`);
}

/**
 * Work of one text, in units of about 0.3 µs at most. The README beside this file says what costs how many: most values
 * cost one.
 */
export const MAX_WORK = 1 << 15;

/** Bounds what a text can cost in time and memory: many values, powers of powers, `set(range(10**9))`. */
export class WorkMeter {
  private left = MAX_WORK;

  /** @throws InvalidValueError when the work is used up */
  charge(units: number): void {
    this.left -= units;
    if (!(this.left >= 0)) throw new InvalidValueError('the text has too many values or too much arithmetic');
  }
}
