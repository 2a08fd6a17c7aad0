import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { AzrError, PartUnavailable } from '../domain/errors';
import {
  ExecutorServiceClient,
  RunMode,
  RunStatus,
  type Execution,
  type GetCapabilitiesResponse,
  type InputRuns,
  type ProgramAnalysis,
} from '../generated/azr/v1/executor';
import { GatheredExecutions } from './gathered-executions';
import { DEFAULT_TIMEOUT_MS, MAX_REQUEST_BYTES, MAX_RUNS } from './limits';
import { clientCredentials, type TlsFiles } from './tls';

/** Bound on a call beside the time that its runs may take: the queue, and the way there and back. */
const CALL_MS = 600_000;
const GRACE_MS = 1_000;
/** An executor that died is back within seconds; a full queue, or a host that is too busy, takes longer. */
const ATTEMPTS = 12;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
/** Executions that keep an executor busy. */
const ENOUGH_A_CORE = 4;
const RETRIED = [status.UNAVAILABLE, status.RESOURCE_EXHAUSTED];

/** An executor that runs somewhere. */
export interface ExecutorEndpoint {
  /** `unix:/path`, or `host:port`, of which a name may stand for several executors. */
  address: string;
  tls?: TlsFiles;
}

/** What it leaves out has its default. */
export type ExecutionOptions = Pick<Execution, 'program' | 'inputs'> & Partial<Execution>;

const DEFAULTS = { limits: undefined, runMode: RunMode.RUN_MODE_UNSPECIFIED, stopAtLimit: false };

/** The executor over gRPC. What it cannot do now is tried again, with bounds; every call has a deadline. */
export class ExecutorClient {
  private readonly client: ExecutorServiceClient;
  private readonly executions: GatheredExecutions;

  /**
   * @param address `unix:/path`, or `host:port`, of which a name may stand for several executors
   * @throws AzrError `invalid` for files that cannot be used
   */
  constructor(
    private readonly address: string,
    tls: TlsFiles = {},
  ) {
    this.client = new ExecutorServiceClient(address, clientCredentials(tls), {
      'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
      'grpc.initial_reconnect_backoff_ms': FIRST_BACKOFF_MS,
      'grpc.max_reconnect_backoff_ms': LONGEST_BACKOFF_MS,
      'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
      'grpc.max_send_message_length': MAX_REQUEST_BYTES,
    });
    this.executions = new GatheredExecutions(this.client, ENOUGH_A_CORE * availableParallelism());
  }

  /**
   * The runs of each input, in order; of fewer where the request says to stop at a limit. Gathers what is asked for at
   * the same time into one call.
   * @throws AzrError `invalid` for a request beyond its bounds; PartUnavailable; the signal's reason if it was aborted
   */
  execute(request: ExecutionOptions, signal?: AbortSignal): Promise<InputRuns[]> {
    const runMs = (request.limits?.timeoutMs || DEFAULT_TIMEOUT_MS) + GRACE_MS;
    const boundMs = CALL_MS + MAX_RUNS * request.inputs.length * runMs;
    return this.retried(signal, async () => {
      const inputs = await this.executions.add({ ...DEFAULTS, ...request }, boundMs, signal);
      refuseUnavailable(inputs);
      if (inputs.length < request.inputs.length && !request.stopAtLimit) {
        throw new AzrError('internal', `the executor gave ${inputs.length} of ${request.inputs.length} answers`);
      }
      return inputs;
    });
  }

  /**
   * One analysis for each program, in order.
   * @param skim whether only the part of `ProgramShape` is wanted
   * @throws as `execute`
   */
  async analyze(programs: readonly string[], skim = false): Promise<ProgramAnalysis[]> {
    const { analyses } = await this.unary<{ analyses: ProgramAnalysis[] }>((options, done) =>
      this.client.analyze({ programs: [...programs], skim }, new Metadata(), options, done),
    );
    return analyses;
  }

  /** @throws PartUnavailable */
  capabilities(): Promise<GetCapabilitiesResponse> {
    return this.unary((options, done) => this.client.getCapabilities({}, new Metadata(), options, done));
  }

  close(): void {
    this.client.close();
  }

  private unary<R>(
    send: (options: { deadline: number }, done: (error: ServiceError | null, response: R) => void) => void,
  ): Promise<R> {
    return this.retried(
      undefined,
      () =>
        new Promise<R>((resolve, reject) =>
          send({ deadline: Date.now() + CALL_MS }, (error, response) => (error ? reject(error) : resolve(response))),
        ),
    );
  }

  private async retried<R>(signal: AbortSignal | undefined, call: () => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await call();
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof AzrError) throw error;
        const failure = error as ServiceError;
        if (!RETRIED.includes(failure.code) || attempt === ATTEMPTS) throw this.explain(failure);
        const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
        await sleep(backoffMs, undefined, { signal });
      }
    }
  }

  private explain({ code, details, message }: ServiceError): AzrError {
    if (code === status.INVALID_ARGUMENT) return new AzrError('invalid', details);
    if (RETRIED.includes(code) || code === status.DEADLINE_EXCEEDED) {
      return new PartUnavailable('executor', `the executor at ${this.address} does not answer: ${details}`);
    }
    return new AzrError('internal', `the executor failed: ${details ?? message}`);
  }
}

/** A run that the executor could not make is no answer: the whole request is made again. */
function refuseUnavailable(inputs: readonly InputRuns[]): void {
  const run = inputs.flatMap(({ runs }) => runs).find(({ status: it }) => it === RunStatus.RUN_STATUS_UNAVAILABLE);
  if (run) throw Object.assign(new Error(run.detail), { code: status.UNAVAILABLE, details: run.detail });
}
