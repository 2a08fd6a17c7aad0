import { once, type EventEmitter } from 'node:events';
import { status } from '@grpc/grpc-js';
import { AzrError, messageOf, type ErrorKind } from '../domain/errors';
import { Semaphore } from '../domain/semaphore';
import type { ExecutorServiceServer, GetCapabilitiesResponse, ProgramAnalysis } from '../generated/azr/v1/executor';
import { bytesToAnalyze, bytesToExecute, checkExecution, checkPrograms } from './limits';
import type { ProgramAnalyzer } from './program-analyzer';
import type { ProgramRunner } from './program-runner';
import type { JailReport } from './tiers';

export interface ServiceParts {
  runner: ProgramRunner;
  analyzer: ProgramAnalyzer;
  report: JailReport;
  /** Calls that run or wait; one more is refused. */
  maximumCalls: number;
}

/** Bytes that all calls may take; those beyond wait. */
const MAX_BYTES = 512 << 20;
/** A caller who reads nothing for so long is given up. */
const UNREAD_MS = 60_000;

/** The contract's service over a runner and an analyzer. */
export function executorService({ runner, analyzer, report, maximumCalls }: ServiceParts): ExecutorServiceServer {
  const admission = new Admission(maximumCalls);
  const memory = new Semaphore(MAX_BYTES);
  return {
    execute(call) {
      const work = async (signal: AbortSignal): Promise<void> => {
        const execution = checkExecution(call.request);
        const answer = async (): Promise<void> => {
          for await (const response of runner.execute(execution, signal)) {
            if (!call.write(response)) await untilRead(call, signal);
          }
        };
        await memory.run(answer, bytesToExecute(execution), signal);
      };
      admission.admit(call, work).then(
        () => call.end(),
        (error: unknown) => call.emit('error', toServiceError(error)),
      );
    },
    analyze(call, respond) {
      const { skim } = call.request;
      const work = async (signal: AbortSignal): Promise<ProgramAnalysis[]> => {
        const programs = checkPrograms(call.request);
        return memory.run(() => analyzer.read(programs, skim, signal), bytesToAnalyze(programs), signal);
      };
      admission.admit(call, work).then(
        (analyses) => respond(null, { analyses }),
        (error: unknown) => respond(toServiceError(error)),
      );
    },
    getCapabilities(_, respond) {
      respond(null, capabilities(report));
    },
  };
}

async function untilRead(call: EventEmitter, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(UNREAD_MS);
  try {
    await once(call, 'drain', { signal: AbortSignal.any([signal, patience]) });
  } catch (error) {
    throw patience.aborted ? new Cancelled(`the caller has read nothing for ${UNREAD_MS / 1_000} s`) : error;
  }
}

/** What is used of a call: the end that its caller puts to it. */
interface Cancellable {
  on(event: 'cancelled', listener: () => void): unknown;
}

/** The bounded queue: calls wait for fork servers in the order in which they came. */
class Admission {
  private admitted = 0;

  constructor(private readonly maximumCalls: number) {}

  /** @throws QueueFull */
  async admit<T>(call: Cancellable, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.admitted >= this.maximumCalls) throw new QueueFull(this.maximumCalls);
    const controller = new AbortController();
    call.on('cancelled', () => controller.abort(new Cancelled()));
    this.admitted += 1;
    try {
      return await work(controller.signal);
    } finally {
      this.admitted -= 1;
    }
  }
}

class QueueFull extends AzrError {
  constructor(maximumCalls: number) {
    super('unavailable', `the executor has ${maximumCalls} calls to answer already; try again later`);
  }
}

class Cancelled extends AzrError {
  constructor(reason = 'the caller went away, or its deadline passed') {
    super('timeout', reason);
  }
}

const CODES: Record<ErrorKind, status> = {
  invalid: status.INVALID_ARGUMENT,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  unavailable: status.UNAVAILABLE,
  timeout: status.CANCELLED,
  internal: status.INTERNAL,
};

function toServiceError(error: unknown): Error & { code: status } {
  const kind = error instanceof AzrError ? error.kind : 'internal';
  const code = error instanceof QueueFull ? status.RESOURCE_EXHAUSTED : CODES[kind];
  return Object.assign(new Error(messageOf(error)), { code, details: messageOf(error) });
}

const capabilities = ({ tier, checks, pythonVersion }: JailReport): GetCapabilitiesResponse => ({
  tier: tier!,
  checks: checks.map(({ name, held, detail }) => ({ name, held, detail })),
  pythonVersion,
});
