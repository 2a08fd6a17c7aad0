/** Wakes those who wait for something to happen. What rings between a look at `count` and a wait is not missed. */
export class Bell {
  private rings = 0;
  private readonly waiting = new Set<() => void>();

  /** How often it rang. */
  get count(): number {
    return this.rings;
  }

  ring(): void {
    this.rings++;
    for (const wake of this.waiting) wake();
  }

  /** Resolves when it has rung since `count`, after `ms`, or when the signal aborts. */
  wait(count: number, ms: number, signal?: AbortSignal): Promise<void> {
    if (this.rings !== count || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
      this.waiting.add(wake);
    });
  }
}
