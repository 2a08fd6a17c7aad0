import { PRINTABLE_RUNS } from './printable-runs';

/** A 1 for each code point that is printable. */
const PRINTABLE = printable();

function printable(): Uint8Array {
  const table = new Uint8Array(0x110000);
  let start = 0x20;
  PRINTABLE_RUNS.trim()
    .split(/\s+/)
    .forEach((run, index) => {
      const end = start + parseInt(run, 36);
      if (index % 2 === 0) table.fill(1, start, end);
      start = end;
    });
  return table;
}

/**
 * Python's `str.isprintable` for one code point: neither a control, format, surrogate, private-use or unassigned
 * character nor a separator other than the space. Pinned to Unicode 14.0, the oldest of the supported CPythons, so that
 * a canonical text changes neither with Node's Unicode version nor with CPython's.
 */
export const isPrintable = (codePoint: number): boolean => PRINTABLE[codePoint] === 1;
