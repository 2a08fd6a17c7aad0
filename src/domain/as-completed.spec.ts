import { asCompleted } from './as-completed';

/** Work that ends when it is told to. */
class Told {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, { resolve: (result: string) => void; reject: (error: Error) => void }>();

  readonly work = (item: string): Promise<string> => {
    this.begun.push(item);
    return new Promise((resolve, reject) => this.ends.set(item, { resolve, reject }));
  };

  end(...items: string[]): void {
    for (const item of items) this.ends.get(item)!.resolve(item.toUpperCase());
  }

  fail(item: string): void {
    this.ends.get(item)!.reject(new Error(item));
  }
}

describe('results as they are completed', () => {
  it('come in the order in which they are done, one for each item', async () => {
    const told = new Told();
    const results = asCompleted(['a', 'b', 'c'], 5, told.work);
    const first = results.next();
    told.end('b');
    expect(await first).toEqual({ value: 'B', done: false });
    told.end('c', 'a');
    expect([(await results.next()).value, (await results.next()).value].sort()).toEqual(['A', 'C']);
    expect(await results.next()).toEqual({ value: undefined, done: true });
  });

  it('that nobody takes keep further items from being begun, and then several are at once', async () => {
    const told = new Told();
    const results = asCompleted([...'abcdefgh'], 4, told.work);
    const taken = results.next();
    expect(told.begun.join('')).toBe('abcd');
    told.end('a', 'b', 'c');
    for (const take of [taken, results.next()]) {
      await take;
      await new Promise(setImmediate);
      expect(told.begun.join('')).toBe('abcd');
    }
    expect((await results.next()).value).toBe('C');
    expect(told.begun.join('')).toBe('abcdef');
  });

  it('end with the first failure, though others are not done', async () => {
    const told = new Told();
    const results = asCompleted(['a', 'b', 'c'], 3, told.work);
    const first = results.next();
    told.fail('b');
    await expect(first).rejects.toThrow('b');
    told.fail('c');
    expect(await results.next()).toEqual({ value: undefined, done: true });
  });

  it('of no items are none', async () => {
    expect(await asCompleted([], 2, () => Promise.resolve(1)).next()).toEqual({ value: undefined, done: true });
  });
});
