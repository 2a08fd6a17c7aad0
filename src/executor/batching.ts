/** Items that share a process, where they may: forking costs most, and the results of a batch are held in memory. */
const MAX_ITEMS = 50;
const MAX_BYTES = 1 << 20;

/** Cuts items into batches of at most `maxItems` and about a mebibyte. */
export function* batches<T extends string | Uint8Array>(items: readonly T[], maxItems = MAX_ITEMS): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item);
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
