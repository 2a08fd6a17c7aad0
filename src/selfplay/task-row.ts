import type { Pair, Triplet, TripletType } from '../domain/task/task';

/** A row of a task file: a task as text, not verified. */
export type TaskRow = TripletRow | InductionRow;

export interface TripletRow extends Triplet, RowStanding {
  type: TripletType;
}

export interface InductionRow extends RowStanding {
  type: 'induction';
  program: string;
  /** In the file's order; any number of them. */
  pairs: readonly Pair[];
  /** Empty where the file has none. */
  message: string;
}

interface RowStanding {
  /** 0 … 1; absent where the file does not say. */
  solveRate?: number;
  /** Line of the file that the row stands in, 1 for the first; two rows may stand in one. */
  line: number;
}

/** A line of a task file that holds no task, and why, for a person. */
export interface RefusedLine {
  line: number;
  reason: string;
}
