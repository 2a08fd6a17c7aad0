import type { TripletTask } from '../../domain/task/task';
import type { Verdict } from '../../domain/task/verdict';
import { equalValues, parseValue, ValueSyntaxError, type EqualityMode } from '../../domain/value';
import { Objection } from '../objection';
import { readText } from '../read-text';
import { CORRECT, incorrect, WRONG_VALUE } from './judge-runs';

/** Deduction: correct when the answer is the value of p(i) (AZR Eq. 5). Nothing is run. */
export function judgeValue(task: TripletTask, answer: string, equality: EqualityMode): Verdict {
  const value = readText(parseValue, answer);
  if (value instanceof ValueSyntaxError) return incorrect(new Objection('bad_answer', value.message));
  return equalValues(value, parseValue(task.output), equality) ? CORRECT : WRONG_VALUE;
}
