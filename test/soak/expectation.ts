import { equalValues, parseValue, type PyValue } from '../../src/domain/value';
import { RunMode, RunStatus, type InputRuns, type Run } from '../../src/generated/azr/v1/executor';
import type { Outcome } from './oracle';

/** What has to come of an input: a value, an exception, or one of some ways in which a run ends. */
export type Expectation =
  | { value: PyValue }
  | { exception: string }
  /** `output`: the value's canonical text where it ends with OK. */
  | { statuses: readonly RunStatus[]; output?: string };

export const expectationOf = (outcome: Outcome): Expectation =>
  'output' in outcome ? { value: parseValue(outcome.output, { allowReprNames: true }) } : outcome;

/** After which a process lives on, so that the runs that the mode names are all made. */
const GOES_ON: readonly RunStatus[] = [
  RunStatus.RUN_STATUS_OK,
  RunStatus.RUN_STATUS_EXCEPTION,
  RunStatus.RUN_STATUS_OUTPUT_LIMIT,
  RunStatus.RUN_STATUS_INVALID_OUTPUT,
];

const RUNS: Partial<Record<RunMode, number>> = { [RunMode.RUN_MODE_TWICE]: 2, [RunMode.RUN_MODE_ACROSS]: 3 };

/** What is wrong with the answer to one input, for a person; undefined if nothing is. */
export function objectionTo({ runs }: InputRuns, runMode: RunMode, expected: Expectation): string | undefined {
  const due = RUNS[runMode] ?? 1;
  const last = runs.at(-1);
  if (last === undefined || runs.length > due) return `${runs.length} runs`;
  if (GOES_ON.includes(last.status) && runs.length < due) return `${runs.length} runs of ${due}`;
  const odd = runs.find((run) => !isAsExpected(run, expected));
  return odd && `${RunStatus[odd.status]} ${odd.exceptionType}${odd.output.slice(0, 200)} (${odd.detail})`;
}

function isAsExpected(run: Run, expected: Expectation): boolean {
  if ('exception' in expected) {
    return run.status === RunStatus.RUN_STATUS_EXCEPTION && run.exceptionType === expected.exception;
  }
  const isOk = run.status === RunStatus.RUN_STATUS_OK;
  if ('value' in expected) return isOk && equalValues(parseValue(run.output), expected.value, 'strict');
  if (!expected.statuses.includes(run.status)) return false;
  return !isOk || expected.output === undefined || run.output === expected.output;
}
