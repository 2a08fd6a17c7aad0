/**
 * The double nearest to a quotient of integers, ties to even: what CPython's `int / int` gives, for any size. 0 by a
 * negative number is -0.0.
 * @param denominator not 0
 * @returns an infinity where the quotient is beyond the largest double
 */
export function nearestDouble(numerator: bigint, denominator: bigint): number {
  if (denominator < 0n) return -nearestDouble(numerator, -denominator);
  if (numerator < 0n) return -nearestDouble(-numerator, denominator);
  if (numerator === 0n) return 0;
  const exponent = bitLength(numerator) - bitLength(denominator); // the quotient lies in (2^(e-1), 2^(e+1))
  if (exponent > 1025) return Infinity;
  // Significands have 53 bits, and no double is a multiple of less than 2^-1074.
  const unit = Math.max(exponent - 53, -1074);
  const significand = roundedQuotient(numerator, denominator, unit);
  if (significand < 1n << 53n) return scaled(significand, unit);
  return scaled(roundedQuotient(numerator, denominator, unit + 1), unit + 1);
}

/** `numerator / (denominator * 2^unit)` as an integer, ties to even. */
function roundedQuotient(numerator: bigint, denominator: bigint, unit: number): bigint {
  const top = unit < 0 ? numerator << BigInt(-unit) : numerator;
  const bottom = unit < 0 ? denominator : denominator << BigInt(unit);
  const quotient = top / bottom;
  const doubledRest = 2n * (top - quotient * bottom);
  const isUp = doubledRest > bottom || (doubledRest === bottom && (quotient & 1n) === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** Exact as long as the result is a double: the two steps keep both factors within range. */
function scaled(significand: bigint, unit: number): number {
  const half = Math.trunc(unit / 2);
  return Number(significand) * 2 ** half * 2 ** (unit - half);
}

/** A finite double as `numerator * 2^exponent`, with an odd numerator or 0. */
export function exactBinary(value: number): { numerator: bigint; exponent: number } {
  if (value === 0) return { numerator: 0n, exponent: 0 };
  let exponent = 0;
  let numerator = value;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    exponent -= 1;
  }
  let whole = BigInt(numerator);
  const zeros = trailingZeros(whole);
  whole >>= BigInt(zeros);
  return { numerator: whole, exponent: exponent + zeros };
}

function trailingZeros(value: bigint): number {
  return bitLength(value & -value) - 1;
}

/** Bits of the magnitude; 0 for 0. */
export function bitLength(value: bigint): number {
  const digits = (value < 0n ? -value : value).toString(16);
  return 4 * (digits.length - 1) + (32 - Math.clz32(parseInt(digits[0]!, 16)));
}
