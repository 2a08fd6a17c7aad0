import type { Validation, Verdict } from '../domain/task/verdict';
import { canonicalText, equalValues, parseValue, type PyValue } from '../domain/value';
import { shown, type Fault } from './play';
import { isAmong } from './reasons';
import type { Expectation, Step } from './verifier-case';

/** What is wrong with what became of a step. */
export function judgeStep(step: Pick<Step, 'kind' | 'expect'>, found: Validation | Verdict): Fault[] {
  const { outcomes } = step.expect;
  if (outcomes.some((outcome) => outcome === found.outcome) && isRight(step, found)) return [];
  return [{ expected: expectedText(step.expect), got: foundText(found) }];
}

/** Whether a reason, or the output of an accepted task, is what was expected, if anything was. */
function isRight({ kind, expect: { reasons, output } }: Pick<Step, 'kind' | 'expect'>, found: Validation | Verdict) {
  if ('reason' in found) return reasons === undefined || isAmong(found.reason, reasons, kind);
  const stored = outputOf(found);
  if (output === undefined || stored === undefined) return true;
  return typeof output === 'string' ? stored === output : equalValues(parseValue(stored), output, 'strict');
}

/** Of an accepted task that has one. */
const outputOf = (found: Validation | Verdict): string | undefined =>
  'task' in found && found.task.type !== 'induction' ? found.task.output : undefined;

export function foundText(found: Validation | Verdict): string {
  if ('reason' in found) return shown(`${found.outcome} (${found.reason}: ${found.detail})`);
  const output = outputOf(found);
  return output === undefined ? found.outcome : shown(`${found.outcome} with the output ${output}`);
}

function expectedText({ outcomes, reasons, output }: Expectation): string {
  const why = reasons === undefined ? '' : ` (${reasons.join(' or ')})`;
  const value = output === undefined ? '' : ` with the output ${textOf(output)}`;
  return shown(`${outcomes.join(' or ')}${why}${value}`);
}

const textOf = (output: PyValue | string): string => (typeof output === 'string' ? output : canonicalText(output));
