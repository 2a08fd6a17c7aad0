/** Items that share a process, where they may: forking costs most, and the results of a batch are held in memory. */
const MAX_ITEMS = 50;
const MAX_BYTES = 1 << 20;

/** Cuts items into batches of at most `maxItems` and about a mebibyte; takes no more of them than it has to. */
export function* batches<T>(items: Iterable<T>, bytesOf: (item: T) => number, maxItems = MAX_ITEMS): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (batch.length === maxItems || (batch.length > 0 && bytes + size > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
