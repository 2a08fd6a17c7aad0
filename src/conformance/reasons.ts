import type { Reason } from '../domain/task/verdict';

/** Reasons of ours that the format of cases has no word for, and what it would call them. */
const COUNTS_AS: Partial<Record<Reason, { propose: Reason; solve: Reason }>> = {
  // The format bounds values: one beyond the bound is no legal input, and no answer.
  too_long: { propose: 'bad_input', solve: 'bad_answer' },
  // Nobody could be shown the task, or answer it, in this prompt format.
  unshowable: { propose: 'unverifiable', solve: 'unverifiable' },
};

/** Whether a step's reason, or what the format would call it, is among those that its case expects. */
export function isAmong(reason: Reason, expected: readonly Reason[], kind: 'propose' | 'solve'): boolean {
  const other = COUNTS_AS[reason]?.[kind];
  return expected.includes(reason) || (other !== undefined && expected.includes(other));
}
