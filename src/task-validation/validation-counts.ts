import type { Reason } from '../domain/task/verdict';
import type { RowVerdict } from './row-verdict';

/** What became of the rows of a file. Every row is accepted or counted under one reason. */
export class ValidationCounts {
  rows = 0;
  accepted = 0;
  /** By reason, in the order of their first. */
  readonly rejected: Partial<Record<Reason, number>> = {};
  /** Accepted rows whose own answer was not correct when it was scored once more. */
  inconsistent = 0;

  add(verdict: RowVerdict): void {
    this.rows += 1;
    if (verdict.outcome === 'rejected') {
      this.rejected[verdict.reason] = (this.rejected[verdict.reason] ?? 0) + 1;
      return;
    }
    this.accepted += 1;
    if (verdict.inconsistent !== undefined) this.inconsistent += 1;
  }
}
