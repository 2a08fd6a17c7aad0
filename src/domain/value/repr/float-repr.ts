/**
 * CPython's `repr` of a finite float without the `.0` of a whole one: the shortest digits that read back as the double,
 * with an exponent of two digits or more below 1e-4 and from 1e16 on.
 */
export function shortestDigits(value: number): string {
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  // JavaScript has the same digits, and writes those of this size without an exponent as well.
  if ((magnitude >= 1e-4 && magnitude < 1e16) || magnitude === 0) return sign + String(magnitude);
  const [mantissa, exponent] = magnitude.toExponential().split('e') as [string, string];
  const size = String(Math.abs(Number(exponent))).padStart(2, '0');
  return `${sign}${mantissa}e${magnitude < 1 ? '-' : '+'}${size}`;
}
