import { MAX_INTEGER_DIGITS, WorkMeter, boundedInteger, integerTooLong } from '../limits';
import { InvalidValueError } from '../value';
import { bitLength, nearestDouble } from './exact-ratio';
import { unitsOfOperation } from './integer-size';

const MAX_BITS = Math.ceil(MAX_INTEGER_DIGITS * Math.log2(10));

/** @throws InvalidValueError for a division by 0 and a result over the bound */
export function integerOperation(operator: string, a: bigint, b: bigint, meter: WorkMeter): bigint {
  meter.charge(unitsOfOperation(a, b));
  switch (operator) {
    case '+':
      return boundedInteger(a + b);
    case '-':
      return boundedInteger(a - b);
    case '*':
      return boundedInteger(a * b);
    case '//':
      return floorDivide(a, b);
    default:
      return a - floorDivide(a, b) * b;
  }
}

/** `a / b`, correctly rounded. @throws InvalidValueError if `b` is 0 or the quotient is no finite double */
export function trueDivide(a: bigint, b: bigint, meter: WorkMeter): number {
  meter.charge(3 + unitsOfOperation(a, b));
  if (b === 0n) throw divisionByZero();
  return finite(nearestDouble(a, b));
}

/**
 * `base ** exponent`; the size of the result is checked before it is computed.
 * @param exponent at least 0
 */
export function integerPower(base: bigint, exponent: bigint, meter: WorkMeter): bigint {
  const bits = base === 0n ? 0n : BigInt(bitLength(base) - 1) * exponent; // of the result, at least
  if (bits > MAX_BITS) throw integerTooLong();
  const resultWords = 1 + Number(bits) / 64;
  meter.charge(1 + Math.ceil((resultWords * resultWords) / 128));
  return boundedInteger(base ** exponent);
}

/** CPython's `float(n)`. @throws InvalidValueError where it raises OverflowError */
export function integerToDouble(value: bigint): number {
  return finite(Number(value)); // the language rounds to nearest, ties to even
}

export function divisionByZero(): InvalidValueError {
  return new InvalidValueError('a division by zero has no value');
}

export function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new InvalidValueError('the number is too large for a float');
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero();
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}
