import type { Task } from '../../../domain/task/task';
import { REASONS } from '../../../domain/task/verdict';
import { ScoreResponse, ValidateResponse } from '../../../generated/azr/v1/verifier';
import { toItemError, toValidation, toVerdict } from './messages';
import { IllegalItem } from './illegal-item';

const metrics = { cognitive: 0, cyclomatic: 1, volume: 1, effort: 1 };
const accepted = (task: Task) =>
  toValidation({ outcome: 'accepted', task, namelessId: 'y', metrics, toldInComment: false });

describe('a result as a caller gets it', () => {
  it.each(REASONS)('has the reason %s on the wire', (reason) => {
    const verdict = toVerdict({ outcome: 'incorrect', reason, detail: 'why' });
    const { result } = ScoreResponse.decode(ScoreResponse.encode({ index: 0, result: verdict }).finish());
    expect(result).toEqual(verdict);
    expect(result!.value).toMatchObject({ reason: `REASON_${reason.toUpperCase()}` });
  });

  it('shows the pairs of an induction task as a solver may see them', () => {
    const pairs = ['1', '2', '3'].map((input) => ({ input, output: input }));
    expect(accepted({ id: 'x', type: 'induction', program: 'p', pairs, message: 'm' })).toMatchObject({
      value: {
        taskId: 'x',
        task: { task: { $case: 'induction', value: { given: [pairs[0]], hidden: pairs.slice(1) } } },
      },
    });
  });

  it('is never larger than what clients take', () => {
    const long = "'" + 'ü'.repeat(1_000_000) + "'";
    const task = (output: string): Task => ({ id: 'x', type: 'deduction', program: 'p', input: long, output });
    expect(accepted(task('1'))).toMatchObject({ value: { reason: 'REASON_UNSPECIFIED' } });
    const refused = accepted(task(long));
    expect(refused).toMatchObject({ value: { outcome: 'VALIDATION_OUTCOME_REJECTED', reason: 'REASON_TOO_LONG' } });
    const detail = 'x'.repeat(5_000_000);
    for (const result of [refused, toValidation({ outcome: 'rejected', penalised: true, reason: 'leak', detail })]) {
      expect(ValidateResponse.encode({ index: 9_999, result }).finish().length).toBeLessThan(4 << 20);
    }
    const error = toItemError(new IllegalItem('task', detail, 'shorter'));
    expect(ScoreResponse.encode({ index: 0, result: error }).finish().length).toBeLessThan(1_000);
  });
});
