/** The first integers that need more than 1, 2, 4, … 256 words; those within the bound need no more. */
const FIRST_OF_MORE = Array.from({ length: 9 }, (_, power) => 1n << BigInt(64 << power));

/** 64-bit words of the magnitude, rounded up to a power of two: the measure of what an operation costs. */
export function words(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  let power = 0;
  while (power < FIRST_OF_MORE.length && magnitude >= FIRST_OF_MORE[power]!) power += 1;
  return 1 << power;
}

/** Units of work for reading, copying and writing an integer, most of which is making its decimal digits. */
export const unitsOf = (value: bigint): number => 2 * words(value) - 1;

/** Units of work for adding, multiplying or dividing, which differ in cost only for large numbers. */
export const unitsOfOperation = (a: bigint, b: bigint): number => 1 + Math.floor((words(a) * words(b)) / 128);
