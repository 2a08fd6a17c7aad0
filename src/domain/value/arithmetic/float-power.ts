import { WorkMeter } from '../limits';
import { InvalidValueError } from '../value';
import { bitLength, exactBinary, nearestDouble } from './exact-ratio';
import { divisionByZero, finite } from './integer-arithmetic';

/** Bits of an exact power; those of `1.1 ** 300` are 15,600. */
const MAX_POWER_BITS = 1 << 14;

/** 2^-6 ulp: more than math libraries err by before they round (glibc's `e_pow.c`: 0.511 ulp with the rounding). */
const ERROR_BITS = 6;

/**
 * `base ** exponent` as CPython has it on every platform. Its result is the math library's, and libraries differ in the
 * last bit where the exact power lies close to the middle between two doubles. So the power is computed exactly, and
 * refused there: for about one inexact power in thirty.
 * @throws InvalidValueError for those, for fractional exponents, for overflow, and for a negative power of 0
 */
export function floatPower(base: number, exponent: number, meter: WorkMeter): number {
  if (!Number.isInteger(exponent) || !Number.isFinite(base)) {
    throw new InvalidValueError('only finite numbers to a whole power are certain to the last bit');
  }
  if (exponent === 0) return 1;
  if (base === 0) {
    if (exponent < 0) throw divisionByZero();
    return exponent % 2 === 0 ? 0 : base;
  }
  const { numerator, exponent: twos } = exactBinary(base);
  const isPowerOfTwo = numerator === 1n || numerator === -1n;
  const bits = isPowerOfTwo ? 1 : bitLength(numerator) * Math.abs(exponent);
  if (bits > MAX_POWER_BITS) throw new InvalidValueError('the exponent is too large for an exact power');
  meter.charge(64 + bits / 16);
  return rounded(numerator ** BigInt(Math.abs(exponent)), exponent < 0, twos * exponent);
}

/** The double nearest to `power * 2^twos`, or to `2^twos / power`. */
function rounded(power: bigint, isReciprocal: boolean, twos: number): number {
  const sign = power < 0n ? -1 : 1;
  const magnitude = power < 0n ? -power : power;
  const size = twos + (isReciprocal ? -bitLength(magnitude) : bitLength(magnitude));
  // Beyond both ends of the doubles, with room to spare; between them the shift is bounded.
  if (size > 1100) return finite(Infinity);
  if (size < -1200) return sign * 0;
  const shift = 1n << BigInt(Math.abs(twos));
  const [top, bottom] = isReciprocal ? [1n, magnitude] : [magnitude, 1n];
  return sign * (twos < 0 ? certainDouble(top, bottom * shift) : certainDouble(top * shift, bottom));
}

function certainDouble(numerator: bigint, denominator: bigint): number {
  const nearest = finite(nearestDouble(numerator, denominator));
  if (nearest === 0) return 0;
  // A significand of 53 + 6 bits, whose last is worth 2^-6 ulp.
  const { numerator: significand } = exactBinary(nearest);
  const one = significand << BigInt(53 + ERROR_BITS - bitLength(significand));
  const isCertain = [one - 1n, one + 1n].every(
    (factor) => nearestDouble(numerator * factor, denominator * one) === nearest,
  );
  if (!isCertain) throw new InvalidValueError('math libraries do not agree on the last bit of this power');
  return nearest;
}
