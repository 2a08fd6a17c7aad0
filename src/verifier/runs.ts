import type { Reason } from '../domain/task/verdict';
import { equalValues, parseValue, ValueSyntaxError, type PyValue } from '../domain/value';
import { Objection } from './objection';
import type { ProgramRun, RunFailure } from './ports';
import { readText } from './read-text';

/** The value of each run; an objection if one has none, or there is no run at all. */
export function valuesOf(runs: readonly ProgramRun[]): PyValue[] | Objection {
  if (runs.length === 0) return new Objection('no_result', 'the executor made no run');
  const values: PyValue[] = [];
  for (const run of runs) {
    if (run.status !== 'ok') return new Objection(REASON_OF[run.status], run.detail);
    const value = readText(parseValue, run.output);
    if (value instanceof ValueSyntaxError) return new Objection('invalid_output', value.message);
    values.push(value);
  }
  return values;
}

/** The one value that every run gave, types included. */
export function agreedValue(runs: readonly ProgramRun[]): PyValue | Objection {
  const values = valuesOf(runs);
  if (values instanceof Objection) return values;
  const first = values[0]!;
  return values.every((value) => equalValues(first, value, 'strict')) ? first : DISAGREEMENT;
}

export const DISAGREEMENT = new Objection('nondeterministic', 'two runs do not agree');

const REASON_OF: Record<RunFailure, Reason> = {
  exception: 'exception',
  timeout: 'timeout',
  memory_limit: 'memory_limit',
  output_limit: 'output_limit',
  invalid_output: 'invalid_output',
  invalid_input: 'bad_input',
  crash: 'no_result',
  violation: 'no_result',
  no_result: 'no_result',
};
