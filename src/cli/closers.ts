/** What has to be undone, newest first. Each has its own bound; one that fails does not keep the others. */
export class Closers {
  private readonly stack: (() => Promise<void>)[] = [];

  /** @returns what was opened, to be closed by `close` */
  add<T>(opened: T, close: (opened: T) => Promise<void> | void): T {
    this.stack.push(async () => close(opened));
    return opened;
  }

  async closeAll(failed: (error: unknown) => void): Promise<void> {
    for (let close = this.stack.pop(); close; close = this.stack.pop()) await close().catch(failed);
  }
}
