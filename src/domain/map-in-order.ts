/**
 * What `work` makes of each item, in the order of the items. At most `atATime` items have been taken whose result was
 * not yet given, so that a result that takes its time holds back the ones behind it and no more memory than theirs.
 * @throws what work throws, when its item's turn comes
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T>,
  atATime: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // Its failure is thrown below; until then, or where one before it ends all, it is nobody's unhandled rejection.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length === atATime) yield underWay.shift()!;
  }
  yield* underWay;
}
