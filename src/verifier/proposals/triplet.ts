import { canonicalText } from '../../domain/value';
import { Objection } from '../objection';
import type { ProgramRun } from '../ports';
import { agreedValue } from '../runs';

/** Output of a deduction or abduction task: the value of p(i) that all runs agree on, as canonical text. */
export function outputOf(runs: readonly ProgramRun[]): string | Objection {
  const value = agreedValue(runs);
  return value instanceof Objection ? value : canonicalText(value);
}
