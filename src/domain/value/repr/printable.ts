import { PRINTABLE_RUNS } from './printable-runs';

/** Where printable and other code points change over; a code point behind an odd number of borders is printable. */
const BORDERS = borders();

function borders(): Int32Array {
  const runs = PRINTABLE_RUNS.trim()
    .split(/\s+/)
    .map((run) => parseInt(run, 36));
  let border = 0x20;
  return Int32Array.from([border, ...runs.map((run) => (border += run))]);
}

/**
 * Python's `str.isprintable` for one code point: neither a control, format, surrogate, private-use or unassigned
 * character nor a separator other than the space. Pinned to Unicode 14.0, the oldest of the supported CPythons, so that
 * a canonical text changes neither with Node's Unicode version nor with CPython's.
 */
export function isPrintable(codePoint: number): boolean {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  let low = 0;
  let high = BORDERS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (BORDERS[middle]! <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
