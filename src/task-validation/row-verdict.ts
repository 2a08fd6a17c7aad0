import type { TaskType } from '../domain/task/task';
import type { Reason } from '../domain/task/verdict';

/** What became of a row of a task file. */
export type RowVerdict = AcceptedRow | RejectedRow;

export interface AcceptedRow {
  /** 1 for the file's first line. */
  line: number;
  /** Types of the tasks that the row gives. */
  types: TaskType[];
  outcome: 'accepted';
  /** The outputs that were found, in canonical text: one for each input of the row. */
  gold: string[];
  /** Why a task's own answer was not correct when it was scored once more. */
  inconsistent?: string;
}

export interface RejectedRow {
  line: number;
  /** Types of the tasks that were looked for; none where the line holds no row of a known shape. */
  types: TaskType[];
  outcome: 'rejected';
  reason: Reason;
  /** One line for a person. */
  detail: string;
}
