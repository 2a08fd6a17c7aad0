import { bitLength, nearestDouble } from './exact-ratio';
import { MAX_INTEGER_DIGITS, WorkMeter, boundedInteger } from '../limits';
import { InvalidValueError } from '../value';

const MAX_BITS = Math.ceil(MAX_INTEGER_DIGITS * Math.log2(10));
const ONE_WORD = 1n << 62n;

/** @throws InvalidValueError if an operand is 0 or the result is over the bound, as `boundedInteger` has it */
export function integerOperation(operator: string, a: bigint, b: bigint, meter: WorkMeter): bigint {
  meter.charge(1 + Math.ceil((words(a) * words(b)) / 128));
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
  meter.charge(4 + Math.ceil((words(a) * words(b)) / 128));
  if (b === 0n) throw divisionByZero();
  return finite(nearestDouble(a, b));
}

/**
 * `base ** exponent`; the size of the result is checked before it is computed.
 * @param exponent at least 0
 */
export function integerPower(base: bigint, exponent: bigint, meter: WorkMeter): bigint {
  const atLeast = BigInt(bitLength(base) - 1) * exponent;
  if (base !== 0n && atLeast > MAX_BITS) throw new InvalidValueError(`an integer has at most ${MAX_INTEGER_DIGITS} digits`);
  const resultWords = 1 + Number(atLeast < 0n ? 0n : atLeast) / 64;
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

/** 64-bit words of the magnitude, the measure of what an operation costs. */
function words(value: bigint): number {
  return value < ONE_WORD && value > -ONE_WORD ? 1 : 1 + bitLength(value) / 64;
}
