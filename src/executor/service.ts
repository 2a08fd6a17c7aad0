import { once, setMaxListeners, type EventEmitter } from 'node:events';
import { status } from '@grpc/grpc-js';
import { AzrError, messageOf, type ErrorKind } from '../domain/errors';
import { Semaphore } from '../domain/semaphore';
import type {
  ExecuteResponse,
  Execution,
  ExecutionError,
  ExecutorServiceServer,
  GetCapabilitiesResponse,
  InputRuns,
  ProgramAnalysis,
} from '../generated/azr/v1/executor';
import { bytesToAnalyze, bytesToExecute, checkExecution, checkExecutions, checkPrograms } from './limits';
import type { ProgramAnalyzer } from './program-analyzer';
import type { ProgramRunner } from './program-runner';
import type { JailReport } from './tiers';

export interface ServiceParts {
  runner: ProgramRunner;
  analyzer: ProgramAnalyzer;
  report: JailReport;
  /** Executions and analyses that run or wait; one more is refused. */
  mostRequests: number;
}

/** Bytes that all calls may take; those beyond wait. */
const MAX_BYTES = 512 << 20;
/** A caller who reads nothing for so long is given up. */
const UNREAD_MS = 60_000;

/** The contract's service over a runner and an analyzer. */
export function executorService({ runner, analyzer, report, mostRequests }: ServiceParts): ExecutorServiceServer {
  const admission = new Admission(mostRequests);
  const memory = new Semaphore(MAX_BYTES);

  const run = async (requested: Execution, answer: Answer, signal: AbortSignal): Promise<void> => {
    const execution = checkExecution(requested);
    const answerAll = async (): Promise<void> => {
      for await (const inputs of runner.execute(execution, signal)) await answer(inputs);
    };
    await memory.run(answerAll, bytesToExecute(execution), signal);
  };

  return {
    execute(call) {
      call.setMaxListeners(0); // every execution may wait for it to be read
      const signal = endOf(call);
      const send = async (response: ExecuteResponse): Promise<void> => {
        if (!call.write(response)) await untilRead(call, signal);
      };
      const make = async (requested: Execution, executionIndex: number): Promise<void> => {
        let left = requested.inputs.length;
        const answer: Answer = (inputs) => send({ executionIndex, inputs, isLast: (left -= inputs.length) === 0 });
        const error = await admission
          .admit(() => run(requested, answer, signal))
          .then(() => undefined, toExecutionError);
        if (error !== undefined || left > 0) await send({ executionIndex, inputs: [], isLast: true, error });
      };
      const makeAll = async (): Promise<unknown> => Promise.all(checkExecutions(call.request).map(make));
      makeAll().then(
        () => call.end(),
        (error: unknown) => call.emit('error', toServiceError(error)),
      );
    },
    analyze(call, respond) {
      const { skim } = call.request;
      const signal = endOf(call);
      const work = async (): Promise<ProgramAnalysis[]> => {
        const programs = checkPrograms(call.request);
        const read = await memory.run(() => analyzer.read(programs, skim, signal), bytesToAnalyze(programs), signal);
        return read.map(({ analysis }) => analysis);
      };
      admission.admit(work).then(
        (analyses) => respond(null, { analyses }),
        (error: unknown) => respond(toServiceError(error)),
      );
    },
    getCapabilities(_, respond) {
      respond(null, capabilities(report));
    },
  };
}

/** Tells what came of the next inputs; resolves when the caller takes more. */
type Answer = (inputs: InputRuns[]) => Promise<void>;

async function untilRead(call: EventEmitter, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(UNREAD_MS);
  try {
    await once(call, 'drain', { signal: AbortSignal.any([signal, patience]) });
  } catch (error) {
    throw patience.aborted ? new Cancelled(`the caller has read nothing for ${UNREAD_MS / 1_000} s`) : error;
  }
}

/** Aborted when the caller has put an end to the call. */
function endOf(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  call.on('cancelled', () => controller.abort(CANCELLED));
  return controller.signal;
}

/** The bounded queue: what is to be done waits for fork servers in the order in which it came. */
class Admission {
  private admitted = 0;

  constructor(private readonly mostRequests: number) {}

  /** @throws QueueFull */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.admitted >= this.mostRequests) throw new QueueFull(this.mostRequests);
    this.admitted += 1;
    try {
      return await work();
    } finally {
      this.admitted -= 1;
    }
  }
}

class QueueFull extends AzrError {
  constructor(mostRequests: number) {
    super('unavailable', `the executor has ${mostRequests} requests to answer already; try again later`);
  }
}

class Cancelled extends AzrError {
  constructor(reason = 'the caller went away, or its deadline passed') {
    super('timeout', reason);
  }
}

/** Made once: every call of gRPC's ends with this event, those that were answered too. */
const CANCELLED = new Cancelled();

const CODES: Record<ErrorKind, status> = {
  invalid: status.INVALID_ARGUMENT,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  unavailable: status.UNAVAILABLE,
  timeout: status.CANCELLED,
  internal: status.INTERNAL,
};

function toExecutionError(error: unknown): ExecutionError {
  const kind = error instanceof AzrError ? error.kind : 'internal';
  const code = error instanceof QueueFull ? status.RESOURCE_EXHAUSTED : CODES[kind];
  return { code, message: messageOf(error) };
}

function toServiceError(error: unknown): Error & { code: status } {
  const { code, message } = toExecutionError(error);
  return Object.assign(new Error(message), { code, details: message });
}

const capabilities = ({ tier, checks, pythonVersion }: JailReport): GetCapabilitiesResponse => ({
  tier: tier!,
  checks: checks.map(({ name, held, detail }) => ({ name, held, detail })),
  pythonVersion,
});
