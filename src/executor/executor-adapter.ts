import { availableParallelism } from 'node:os';
import { PartUnavailable } from '../domain/errors';
import { Semaphore } from '../domain/semaphore';
import {
  RunMode,
  RunStatus,
  type InputRuns,
  type ProgramAnalysis as Analysis,
  type Run,
} from '../generated/azr/v1/executor';
import type {
  ProgramAnalysis,
  ProgramExecutor,
  ProgramRun,
  ProgramShape,
  RunFailure,
  RunLimits,
} from '../verifier/ports';
import { ExecutorClient, type ExecutionOptions } from './client';
import { Gathering } from './gathering';
import type { TlsFiles } from './tls';

/**
 * Requests in flight for each core: enough to keep its fork server busy while others are gathered, few enough that none
 * waits in the executor for longer than its deadline, though every run of the others takes its whole time.
 */
const REQUESTS_A_CORE = 8;

/** The verifier's port over gRPC. Calls beyond a bound wait here, in order. A signal ends the programs of its calls. */
export class ExecutorAdapter implements ProgramExecutor {
  private readonly gate = new Semaphore(REQUESTS_A_CORE * availableParallelism());
  /** A fork costs more than reading a program: those that are asked for at the same time share one. */
  private readonly analyses = new Gathering((programs: string[]) =>
    this.gate.run(async () => (await this.client.analyze(programs)).map(toAnalysis)),
  );
  private readonly shapes = new Gathering((programs: string[]) =>
    this.gate.run(() => this.client.analyze(programs, true)),
  );

  /** As of `ExecutorClient`; `client` is one that the caller has already. */
  constructor(
    address: string,
    tls?: TlsFiles,
    private readonly client = new ExecutorClient(address, tls),
  ) {}

  async runAcross(
    program: string,
    inputs: readonly string[],
    limits: RunLimits,
    isWorthMore?: (runs: readonly ProgramRun[][]) => boolean,
    signal?: AbortSignal,
  ): Promise<ProgramRun[][]> {
    const runMode = limits.everywhere ? RunMode.RUN_MODE_EVERYWHERE : RunMode.RUN_MODE_ACROSS;
    const request = requestOf(program, inputs, limits);
    if (!isWorthMore) return runsOf(request, await this.execute({ ...request, runMode }, signal));
    const first = await this.execute({ ...request, runMode: RunMode.RUN_MODE_TWICE }, signal);
    const runs = runsOf(request, first);
    const otherThan = first[0]?.runs[0]?.interpreter;
    if (otherThan === undefined || !isWorthMore(runs)) return runs;
    const second = await this.execute({ ...request, runMode: RunMode.RUN_MODE_ONCE, otherThan }, signal);
    return runsOf(request, second).map((ofInput, i) => [...runs[i]!, ...ofInput]);
  }

  analyze(program: string): Promise<ProgramAnalysis> {
    return this.analyses.add(program);
  }

  skim(program: string): Promise<ProgramShape> {
    return this.shapes.add(program);
  }

  private execute(request: ExecutionOptions, signal?: AbortSignal): Promise<InputRuns[]> {
    return this.gate.run(() => this.client.execute(request, signal));
  }

  close(): void {
    this.client.close();
  }
}

function requestOf(program: string, inputs: readonly string[], limits: RunLimits): ExecutionOptions {
  const { timeoutMs, memoryMib, outputBytes, stopAtLimit } = limits;
  return { program, inputs: [...inputs], limits: { timeoutMs, memoryMib, outputBytes }, stopAtLimit };
}

/** Of each input; none where the stream ended before it. */
const runsOf = ({ inputs }: ExecutionOptions, responses: readonly InputRuns[]): ProgramRun[][] =>
  inputs.map((_, i) => (responses[i]?.runs ?? []).map(toProgramRun));

function toAnalysis({ metrics, ...analysis }: Analysis): ProgramAnalysis {
  if (metrics === undefined) throw new PartUnavailable('executor', 'the executor gave no whole analysis');
  return { ...analysis, metrics };
}

function toProgramRun({ status, output, exceptionType, detail }: Run): ProgramRun {
  if (status === RunStatus.RUN_STATUS_OK) return { status: 'ok', output };
  if (status === RunStatus.RUN_STATUS_EXCEPTION) return { status: 'exception', exceptionType, detail };
  const failure = FAILURES[status];
  if (failure === undefined) throw new PartUnavailable('executor', `the executor gave a run the status ${status}`);
  return { status: failure, detail };
}

const FAILURES: Partial<Record<RunStatus, Exclude<RunFailure, 'exception'>>> = {
  [RunStatus.RUN_STATUS_TIMEOUT]: 'timeout',
  [RunStatus.RUN_STATUS_MEMORY_LIMIT]: 'memory_limit',
  [RunStatus.RUN_STATUS_OUTPUT_LIMIT]: 'output_limit',
  [RunStatus.RUN_STATUS_INVALID_OUTPUT]: 'invalid_output',
  [RunStatus.RUN_STATUS_INVALID_INPUT]: 'invalid_input',
  [RunStatus.RUN_STATUS_CRASH]: 'crash',
  [RunStatus.RUN_STATUS_VIOLATION]: 'violation',
  [RunStatus.RUN_STATUS_NO_RESULT]: 'no_result',
};
