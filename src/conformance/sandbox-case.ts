import { AzrError } from '../domain/errors';
import type { PyValue } from '../domain/value';
import { textField } from '../task-files/fields';
import type { JsonObject } from '../task-files/json-lines';
import type { Case } from './case-file';
import { objectField, onlyKeys, timeoutField, within, wordsField } from './fields';
import { valueField } from './value-fields';

/**
 * How a run may end, and `nondeterministic` for two runs that do not agree. `unavailable` is not among them: it is
 * never the program's doing, so no case can expect it.
 */
export const SANDBOX_STATUSES = [
  'ok',
  'exception',
  'timeout',
  'memory_limit',
  'output_limit',
  'crash',
  'no_result',
  'violation',
  'invalid_output',
  'invalid_input',
  'nondeterministic',
] as const;
export type SandboxStatus = (typeof SANDBOX_STATUSES)[number];

/** A program that is run in the jail. */
export interface SandboxCase extends Case {
  /** Python source that defines `f`. */
  program: string;
  /** An argument list, or what only looks like one. */
  input: string;
  timeoutMs: number;
  statuses: SandboxStatus[];
  /** The value that goes with the status `ok`, where it matters. */
  output?: PyValue;
}

/** @throws AzrError naming the field that is wrong */
export function readSandboxCase(row: JsonObject, id: string): SandboxCase {
  const expected = objectField(row, 'expected');
  return {
    id,
    program: sendableField(row, 'code'),
    input: sendableField(row, 'input'),
    timeoutMs: timeoutField(row, 'timeout_ms'),
    ...within('expected', () => expectationOf(expected)),
  };
}

function expectationOf(expected: JsonObject): Pick<SandboxCase, 'statuses' | 'output'> {
  onlyKeys(expected, ['status', 'output', 'note']);
  return {
    statuses: wordsField(expected, 'status', SANDBOX_STATUSES),
    ...(expected['output'] === undefined ? {} : { output: valueField(expected, 'output') }),
  };
}

/** A text that reaches the executor as it is. @throws AzrError naming the field */
function sendableField(row: JsonObject, field: string): string {
  const text = textField(row, field);
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw new AzrError('invalid', `${field} has half of a surrogate pair; it must be Unicode text`);
}
