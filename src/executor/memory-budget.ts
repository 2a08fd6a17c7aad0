interface Waiter {
  bytes: number;
  begin: () => void;
}

/** Bytes that pieces of work may hold at a time; those for which there is no room wait, in order. */
export class MemoryBudget {
  private free: number;
  private waiting: Waiter[] = [];

  constructor(private readonly total: number) {
    this.free = total;
  }

  /** @throws the signal's reason if it is aborted before the work has begun; what the work throws */
  async run<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const held = Math.min(bytes, this.total);
    await this.take(held, signal);
    try {
      return await work();
    } finally {
      this.free += held;
      this.beginNext();
    }
  }

  private take(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        reject(signal.reason as Error);
        this.beginNext();
      };
      const begin = (): void => (signal.removeEventListener('abort', leave), resolve());
      const waiter = { bytes, begin };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
      this.beginNext();
    });
  }

  private beginNext(): void {
    for (let next = this.waiting[0]; next !== undefined && next.bytes <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.bytes;
      next.begin();
    }
  }
}
