import { AzrError } from '../domain/errors';
import {
  RunMode,
  type AnalyzeRequest,
  type ExecuteRequest,
  type ExecutionLimits,
  type Execution as RequestedExecution,
} from '../generated/azr/v1/executor';

export const MAX_PROGRAM_BYTES = 1 << 20;
export const MAX_INPUTS = 10_000;
/** Of one request, as gRPC carries it. */
export const MAX_REQUEST_BYTES = 64 << 20;

/** Of an input. */
export const MAX_RUNS = 9;
/** Of what the runs of a batch may give, which is held until every group has run it. */
export const MAX_HELD_BYTES = 16 << 20;

/** Wall clock of a run where the request does not say, milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5_000;

/** Smallest, largest and default value of each limit. */
const BOUNDS: Record<keyof ExecutionLimits, [number, number, number]> = {
  timeoutMs: [1, 60_000, DEFAULT_TIMEOUT_MS],
  memoryMib: [32, 4_096, 512],
  outputBytes: [1, 1 << 20, 1 << 16],
};

/** A request that has to be changed; the message names the field, its value and what would be right. */
export class InvalidRequest extends AzrError {
  constructor(field: string, value: string | number, legal: string) {
    super('invalid', `${field}: ${value} is not legal; ${legal}`);
  }
}

/** One within its bounds. */
export interface Execution {
  program: string;
  inputs: string[];
  limits: ExecutionLimits;
  runMode: RunMode;
  /** Whether to end with the first input that has a run which is over, as `isOver` says. */
  stopAtLimit: boolean;
  /** A group of fork servers that is not to run the program. */
  otherThan?: number | undefined;
}

/** Of one call. */
const MAX_EXECUTIONS = 1_000;

/** @throws InvalidRequest */
export function checkExecutions({ executions }: ExecuteRequest): RequestedExecution[] {
  if (executions.length > 0 && executions.length <= MAX_EXECUTIONS) return executions;
  throw new InvalidRequest('executions', `${executions.length} executions`, `1 to ${MAX_EXECUTIONS} are`);
}

/** @throws InvalidRequest */
export function checkExecution(request: RequestedExecution): Execution {
  checkProgram('program', request.program);
  const { inputs } = request;
  if (inputs.length === 0 || inputs.length > MAX_INPUTS) {
    throw new InvalidRequest('inputs', `${inputs.length} inputs`, `1 to ${MAX_INPUTS} are`);
  }
  inputs.forEach((input, i) => checkBytes(`inputs[${i}]`, input));
  const limits = {
    timeoutMs: limit('timeoutMs', request.limits),
    memoryMib: limit('memoryMib', request.limits),
    outputBytes: limit('outputBytes', request.limits),
  };
  const { program, runMode, stopAtLimit, otherThan } = request;
  return { program, inputs, limits, runMode, stopAtLimit, otherThan };
}

/** Bytes that answering may take, at most, with those of the request. */
export const bytesToExecute = ({ program, inputs, limits }: Execution): number =>
  inputs.reduce((sum, input) => sum + 2 * input.length, 2 * program.length) +
  Math.min(MAX_HELD_BYTES, inputs.length * MAX_RUNS * limits.outputBytes);

/** The same for an analysis, which has several texts as long as the program. */
export const bytesToAnalyze = (programs: readonly string[]): number =>
  programs.reduce((sum, program) => sum + 20 * program.length, 0);

/** Of all programs of one request: an analysis has several times the bytes of its program. */
const MAX_ANALYZED_BYTES = 16 << 20;

/** @throws InvalidRequest */
export function checkPrograms({ programs }: AnalyzeRequest): string[] {
  if (programs.length === 0 || programs.length > MAX_INPUTS) {
    throw new InvalidRequest('programs', `${programs.length} programs`, `1 to ${MAX_INPUTS} are`);
  }
  programs.forEach((program, i) => checkBytes(`programs[${i}]`, program));
  const bytes = programs.reduce((sum, program) => sum + Buffer.byteLength(program), 0);
  if (bytes > MAX_ANALYZED_BYTES) {
    throw new InvalidRequest('programs', `${bytes} bytes in all`, `at most ${MAX_ANALYZED_BYTES} are`);
  }
  return programs;
}

function checkProgram(field: string, program: string): void {
  if (program === '') throw new InvalidRequest(field, 'an empty program', 'it defines a function f');
  checkBytes(field, program);
}

function checkBytes(field: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PROGRAM_BYTES) throw new InvalidRequest(field, `${bytes} bytes`, `at most ${MAX_PROGRAM_BYTES} are`);
}

function limit(name: keyof ExecutionLimits, limits: ExecutionLimits | undefined): number {
  const [least, most, standard] = BOUNDS[name];
  const value = limits?.[name] || standard;
  if (value >= least && value <= most) return value;
  throw new InvalidRequest(`limits.${FIELD[name]}`, value, `${least} to ${most} are, and 0 for ${standard}`);
}

const FIELD: Record<keyof ExecutionLimits, string> = {
  timeoutMs: 'timeout_ms',
  memoryMib: 'memory_mib',
  outputBytes: 'output_bytes',
};
