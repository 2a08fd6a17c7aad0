import { PartUnavailable } from '../domain/errors';
import { canonicalText, equalValues, parseValue, ValueSyntaxError, type PyValue } from '../domain/value';
import { RunMode, RunStatus, type Run } from '../generated/azr/v1/executor';
import { readText } from '../verifier/read-text';
import type { Bench } from './bench';
import { shown, type Fault, type Play } from './play';
import type { SandboxCase, SandboxStatus } from './sandbox-case';

/** How the run of a case ended. */
export interface SandboxOutcome {
  status: SandboxStatus;
  /** With `ok`. */
  value?: PyValue;
  /** One line for a person. */
  detail: string;
}

/** Runs the program once, or twice where the two runs are compared, and looks at what it has left. */
export async function playSandbox(one: SandboxCase, bench: Bench): Promise<Play> {
  const isCompared = one.statuses.includes('nondeterministic');
  const [response] = await bench.client.execute({
    program: one.program,
    inputs: [one.input],
    limits: { timeoutMs: one.timeoutMs, memoryMib: 0, outputBytes: 0 },
    runMode: isCompared ? RunMode.RUN_MODE_ACROSS : RunMode.RUN_MODE_ONCE,
  });
  const outcome = outcomeOf(response?.runs ?? []);
  const faults = [...judge(one, outcome), ...(await bench.canaryFaults())];
  return { faults, doubts: await bench.doubts(), outcomes: [outcome.status] };
}

/** The first call in each interpreter counts: where they do not agree, the program is not deterministic. */
export function outcomeOf(runs: readonly Run[]): SandboxOutcome {
  const firsts = runs.filter(({ interpreter }, i) => runs.findIndex((run) => run.interpreter === interpreter) === i);
  const [first, second] = firsts.map(outcomeOfRun);
  if (first === undefined) return { status: 'no_result', detail: 'the executor made no run' };
  if (second === undefined || agree(first, second)) return first;
  return { status: 'nondeterministic', detail: `${textOf(first)} and ${textOf(second)}` };
}

function agree(a: SandboxOutcome, b: SandboxOutcome): boolean {
  if (a.status !== b.status) return false;
  return a.value === undefined || b.value === undefined || equalValues(a.value, b.value, 'strict');
}

function outcomeOfRun({ status, output, detail }: Run): SandboxOutcome {
  if (status !== RunStatus.RUN_STATUS_OK) return { status: wordFor(status), detail };
  const value = readText(parseValue, output);
  // A program may write to the pipe of its result: what is no value was not returned by the harness.
  if (value instanceof ValueSyntaxError) return { status: 'invalid_output', detail: value.message };
  return { status: 'ok', value, detail: canonicalText(value) };
}

function wordFor(status: RunStatus): SandboxStatus {
  const word = WORDS[status];
  if (word === undefined) throw new PartUnavailable('executor', `the executor gave a run the status ${status}`);
  return word;
}

const WORDS: Partial<Record<RunStatus, SandboxStatus>> = {
  [RunStatus.RUN_STATUS_EXCEPTION]: 'exception',
  [RunStatus.RUN_STATUS_TIMEOUT]: 'timeout',
  [RunStatus.RUN_STATUS_MEMORY_LIMIT]: 'memory_limit',
  [RunStatus.RUN_STATUS_OUTPUT_LIMIT]: 'output_limit',
  [RunStatus.RUN_STATUS_INVALID_OUTPUT]: 'invalid_output',
  [RunStatus.RUN_STATUS_INVALID_INPUT]: 'invalid_input',
  [RunStatus.RUN_STATUS_CRASH]: 'crash',
  [RunStatus.RUN_STATUS_VIOLATION]: 'violation',
  [RunStatus.RUN_STATUS_NO_RESULT]: 'no_result',
};

/** What is wrong with how a run ended. */
export function judge(
  { statuses, output }: Pick<SandboxCase, 'statuses' | 'output'>,
  outcome: SandboxOutcome,
): Fault[] {
  const isExpected = statuses.some((status) => status === outcome.status);
  const isRight = outcome.value === undefined || output === undefined || equalValues(outcome.value, output, 'strict');
  if (isExpected && isRight) return [];
  const value = output === undefined ? '' : `: ${shown(canonicalText(output))}`;
  return [{ expected: `${statuses.join(' or ')}${value}`, got: textOf(outcome) }];
}

const textOf = ({ status, detail }: SandboxOutcome): string => shown(detail === '' ? status : `${status}: ${detail}`);
