import type { Verdict } from '../../domain/task/verdict';
import { equalValues, type EqualityMode, type PyValue } from '../../domain/value';
import { Objection } from '../objection';
import type { ProgramRun } from '../ports';
import { DISAGREEMENT, valuesOf } from '../runs';

export const CORRECT: Verdict = { outcome: 'correct' };

/** An answer that the executor does not read as an input is no better than one that we do not. */
export const incorrect = ({ reason, detail }: Objection): Verdict => ({
  outcome: 'incorrect',
  reason: reason === 'bad_input' ? 'bad_answer' : reason,
  detail,
});

export const WRONG_VALUE = incorrect(new Objection('wrong_value', 'the value is another one'));

/** The verdict on the runs of one input: correct when every one gave the expected value. */
export function judgeRuns(runs: readonly ProgramRun[], expected: PyValue, equality: EqualityMode): Verdict {
  const values = valuesOf(runs);
  if (values instanceof Objection) return incorrect(values);
  const right = values.filter((value) => equalValues(value, expected, equality)).length;
  if (right === values.length) return CORRECT;
  return right === 0 ? WRONG_VALUE : incorrect(DISAGREEMENT);
}
