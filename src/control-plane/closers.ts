import { setTimeout as delay } from 'node:timers/promises';

/** Longer than any orderly end takes. */
const BOUND_MS = 60_000;

/** What has to be undone, newest first. Each is waited for up to a bound; one that fails does not keep the others. */
export class Closers {
  private readonly stack: (() => Promise<void>)[] = [];

  /** @returns what was opened, to be closed by `close` */
  add<T>(opened: T, close: (opened: T) => Promise<void> | void): T {
    this.stack.push(async () => close(opened));
    return opened;
  }

  async closeAll(failed: (error: unknown) => void): Promise<void> {
    for (let close = this.stack.pop(); close; close = this.stack.pop()) {
      const waited = new AbortController();
      const late = delay(BOUND_MS, undefined, { signal: waited.signal }).catch(() => undefined);
      await Promise.race([close().catch(failed), late]);
      waited.abort();
    }
  }
}
