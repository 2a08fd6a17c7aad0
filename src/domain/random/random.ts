import { createHash } from 'node:crypto';

/**
 * A deterministic source of randomness, named by where it is used: (run seed, step, purpose, item index).
 * The n-th block of draws is SHA-256(name, n), so a draw depends on its name alone, never on what was drawn
 * elsewhere or in which order results landed; any language can draw the same.
 */
export class Random {
  private block: Buffer = Buffer.alloc(0);
  private blocks = 0;
  private offset = 0;
  private readonly name: string;

  constructor(seed: number, ...path: (string | number)[]) {
    this.name = JSON.stringify([seed, ...path]);
  }

  /** Uniform in 0 … 2^32 − 1. */
  uint32(): number {
    if (this.offset >= this.block.length) {
      this.block = createHash('sha256').update(`${this.name}#${this.blocks++}`).digest();
      this.offset = 0;
    }
    const value = this.block.readUInt32LE(this.offset);
    this.offset += 4;
    return value;
  }

  /** Uniform in 0 … bound − 1, without modulo bias. `bound` is 1 … 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % bound;
    }
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log((this.uint32() + 1) / 2 ** 32);
  }

  /** `count` different items, uniformly, in random order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[] {
    const pool = [...items];
    const taken = Math.min(count, pool.length);
    for (let i = 0; i < taken; i++) {
      const j = i + this.below(pool.length - i);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    }
    return pool.slice(0, taken);
  }

  shuffle<T>(items: readonly T[]): T[] {
    return this.sample(items, items.length);
  }
}
