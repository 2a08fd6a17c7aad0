/** Requests of one call, at most; the rest go with the next one. */
const MOST = 50;

interface Waiter<I, O> {
  item: I;
  resolve: (result: O) => void;
  reject: (error: unknown) => void;
}

/** Gathers what is asked for in one turn of the event loop into one call. */
export class Gathering<I, O> {
  private waiting: Waiter<I, O>[] = [];

  /** @param call gives one result for each item, in order */
  constructor(private readonly call: (items: I[]) => Promise<O[]>) {}

  /** @throws what the call throws; every item of it fails alike */
  add(item: I): Promise<O> {
    return new Promise<O>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length === 1) setImmediate(() => this.send());
    });
  }

  private send(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let i = 0; i < all.length; i += MOST) void this.settle(all.slice(i, i + MOST));
  }

  private async settle(waiters: readonly Waiter<I, O>[]): Promise<void> {
    try {
      const results = await this.call(waiters.map(({ item }) => item));
      waiters.forEach(({ resolve, reject }, i) =>
        i < results.length
          ? resolve(results[i]!)
          : reject(new Error(`${results.length} results for ${waiters.length} items`)),
      );
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    }
  }
}
