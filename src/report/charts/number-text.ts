import type { Unit } from './chart';

/** A value as a person reads it: two or three digits, in its unit. */
export function numberText(value: number, unit: Unit): string {
  if (unit === 'share') return `${rounded(100 * value)}%`;
  return unit === 'seconds' ? `${rounded(value)} s` : rounded(value);
}

/** Typographic minus, no zeros at the end, powers of ten where it is very small or very large. */
function rounded(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && (size < 1e-3 || size >= 1e6))
    return minus(value.toExponential(1).replace('.0e', 'e').replace('+', ''));
  if (size >= 1_000) return minus(Math.round(value).toLocaleString('en-US'));
  return minus(`${Number(value.toPrecision(size < 1 ? 2 : 3))}`);
}

const minus = (text: string): string => text.replaceAll('-', '−');
