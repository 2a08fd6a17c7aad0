import { mapInOrder } from './map-in-order';

const counting = function* (most: number, taken: number[]): Generator<number> {
  for (let i = 0; i < most; i++) {
    taken.push(i);
    yield i;
  }
};
/** Work whose items end when they are told to. */
function held(): { work: (item: number) => Promise<string>; end: (item: number) => void; started: () => number } {
  const ends = new Map<number, () => void>();
  return {
    work: (item) => new Promise((resolve) => ends.set(item, () => resolve(`${item}`))),
    end: (item) => ends.get(item)!(),
    started: () => ends.size,
  };
}

describe('work on many items', () => {
  it('gives results in the order of the items, whichever ends first', async () => {
    const { work, end } = held();
    const results = mapInOrder([0, 1, 2], 3, work);
    const all = Promise.all([results.next(), results.next(), results.next()]);
    for (const item of [2, 1, 0]) end(item);
    expect((await all).map(({ value }) => value)).toEqual(['0', '1', '2']);
  });

  it('takes no more items than may be under way', async () => {
    const taken: number[] = [];
    const { work, end, started } = held();
    const results = mapInOrder(counting(100, taken), 4, work);
    const first = results.next();
    expect([taken.length, started()]).toEqual([4, 4]);
    end(0);
    expect((await first).value).toBe('0');
    expect(taken).toHaveLength(4);
    void results.next();
    expect(taken).toHaveLength(5);
  });

  it('throws what an item throws once the items before it were given', async () => {
    const work = async (item: number): Promise<number> => {
      if (item > 0) throw new Error(`item ${item}`);
      return item;
    };
    const given: number[] = [];
    const all = async (): Promise<void> => {
      for await (const result of mapInOrder([0, 1, 2], 3, work)) given.push(result);
    };
    await expect(all()).rejects.toThrow('item 1');
    expect(given).toEqual([0]);
  });

  it('of nothing gives nothing', async () => {
    expect(await mapInOrder([], 2, () => Promise.reject(new Error())).next()).toEqual({ done: true, value: undefined });
  });
});
