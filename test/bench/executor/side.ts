import type { Part, Round } from './round';

/** One of the systems that are compared. */
export interface Side {
  readonly name: string;
  /** Gets the round ready; not timed. */
  load(round: Round): Promise<void>;
  /**
   * Gives every verdict of a part of the round that was loaded.
   * @returns how many differ from what is right
   */
  run(part: Part): Promise<number>;
  /** CPU time so far, milliseconds, by kind of process. */
  cpu(): Record<string, number>;
}
