interface Waiter {
  weight: number;
  begin: () => void;
}

/** Lets pieces of work run whose weights are `permits` in all; the others wait in order. */
export class Semaphore {
  private free: number;
  private waiting: Waiter[] = [];

  constructor(private readonly permits: number) {
    this.free = permits;
  }

  /**
   * @param weight 1 unless told; one that is more than there are permits takes them all
   * @param signal gives a place among the waiting up
   * @throws the signal's reason if it is aborted before the work has begun; what the work throws
   */
  async run<T>(work: () => Promise<T>, weight = 1, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const taken = Math.min(weight, this.permits);
    if (this.waiting.length === 0 && taken <= this.free) this.free -= taken;
    else await this.turn(taken, signal);
    try {
      return await work();
    } finally {
      this.free += taken;
      this.beginNext();
    }
  }

  private turn(weight: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        reject(signal!.reason as Error);
        this.beginNext();
      };
      const begin = (): void => (signal?.removeEventListener('abort', leave), resolve());
      const waiter = { weight, begin };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  private beginNext(): void {
    for (let next = this.waiting[0]; next !== undefined && next.weight <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.weight;
      next.begin();
    }
  }
}
