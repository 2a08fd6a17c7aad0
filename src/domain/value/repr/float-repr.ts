/**
 * CPython's `repr` of a finite float without the `.0` of a whole one: the shortest digits that read back as the double,
 * with an exponent of two digits or more below 1e-4 and from 1e16 on.
 */
export function shortestDigits(value: number): string {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  return sign + placed(digits, Number(exponent));
}

/** @param exponent that of the first digit */
function placed(digits: string, exponent: number): string {
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
