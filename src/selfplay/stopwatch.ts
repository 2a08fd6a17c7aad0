/** Seconds since some fixed moment, never going back. */
export type Clock = () => number;

/** Adds up wall-clock seconds by part. Parts do not overlap, so their sum is at most the time that passed. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};

  constructor(private readonly clock: Clock) {}

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const start = this.clock();
    try {
      return await work();
    } finally {
      this.add(part, this.clock() - start);
    }
  }

  add(part: string, seconds: number): void {
    this.seconds[part] = (this.seconds[part] ?? 0) + seconds;
  }
}
