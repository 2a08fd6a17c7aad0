/**
 * What `work` makes of each item, as it is done, in no order. At most `atATime` items are under way or done and not yet
 * taken: while nobody takes results, no further item is begun. Once there are so many, the next are begun when half of
 * them are left, all at once, so that they can share what costs less for several.
 * @throws what work throws, as soon as the next result is asked for
 */
export async function* asCompleted<T, R>(
  items: Iterable<T>,
  atATime: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay = new Map<number, Promise<{ key: number; result: R }>>();
  const next = async (): Promise<R> => {
    const { key, result } = await Promise.race(underWay.values());
    underWay.delete(key);
    return result;
  };
  let begun = 0;
  for (const item of items) {
    const key = begun++;
    const done = work(item).then((result) => ({ key, result }));
    // Its failure is thrown by `next`; where another one ended all before, it is nobody's unhandled rejection.
    done.catch(() => undefined);
    underWay.set(key, done);
    if (underWay.size < atATime) continue;
    while (underWay.size > atATime / 2) yield await next();
  }
  while (underWay.size > 0) yield await next();
}
