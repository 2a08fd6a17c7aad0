/** How often each key occurs, in the order of their first. */
export function tallyOf(keys: Iterable<string>): Map<string, number> {
  const tally = new Map<string, number>();
  for (const key of keys) tally.set(key, (tally.get(key) ?? 0) + 1);
  return tally;
}

/** The same as a record. A key may be any text, one that an object has a property of by itself included. */
export const countOf = (keys: Iterable<string>): Record<string, number> => Object.fromEntries(tallyOf(keys));

/** The counts of each key, added up. */
export function sumOf(counts: Iterable<Readonly<Record<string, number>>>): Record<string, number> {
  const sum = new Map<string, number>();
  for (const one of counts) {
    for (const [key, count] of Object.entries(one)) sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return Object.fromEntries(sum);
}
