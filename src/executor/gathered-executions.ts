import { status, type ClientReadableStream } from '@grpc/grpc-js';
import type {
  ExecuteRequest,
  ExecuteResponse,
  Execution,
  ExecutorServiceClient,
  InputRuns,
} from '../generated/azr/v1/executor';

/** Executions of one call. */
const MOST = 8;
/** Characters of one call, but where a single execution has more. */
const MOST_CHARACTERS = 4 << 20;

interface Waiter {
  execution: Execution;
  /** What the call may take for it, milliseconds. */
  boundMs: number;
  signal: AbortSignal | undefined;
  /** So far. */
  inputs: InputRuns[];
  resolve: (inputs: InputRuns[]) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes calls of several executions: a call costs both sides a millisecond, whatever it carries. What comes while the
 * executor has enough to do waits for more to go with it.
 */
export class GatheredExecutions {
  private waiting: Waiter[] = [];
  private inFlight = 0;
  private isDue = false;

  /** @param enough executions that keep the executor busy */
  constructor(
    private readonly client: Pick<ExecutorServiceClient, 'execute'>,
    private readonly enough: number,
  ) {}

  /** @throws ServiceError; the signal's reason if it was aborted, which ends the programs of its executions alone */
  async add(execution: Execution, boundMs: number, signal?: AbortSignal): Promise<InputRuns[]> {
    const answer = new Promise<InputRuns[]>((resolve, reject) => {
      this.waiting.push({ execution, boundMs, signal, inputs: [], resolve, reject });
    });
    this.sendSoon();
    const leave = (): void => this.leave(signal!);
    signal?.addEventListener('abort', leave, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** After this turn of the event loop, in which more may come. */
  private sendSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      while (this.waiting.length >= MOST || (this.waiting.length > 0 && this.inFlight < this.enough)) this.send();
    });
  }

  private send(): void {
    const waiters = this.take();
    const deadline = Date.now() + waiters.reduce((sum, { boundMs }) => sum + boundMs, 0);
    const request: ExecuteRequest = { executions: waiters.map(({ execution }) => execution) };
    const { signal } = waiters[0]!;
    try {
      const call = this.client.execute(request, { deadline });
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      this.inFlight += waiters.length;
      void this.settle(call, waiters).finally(() => signal?.removeEventListener('abort', cancel));
    } catch (error) {
      for (const { reject } of waiters) reject(error); // the client was closed meanwhile
    }
  }

  /** The first that wait for the same signal, so that a call can be cancelled as a whole. */
  private take(): Waiter[] {
    const { signal } = this.waiting[0]!;
    const taken: Waiter[] = [];
    let characters = 0;
    this.waiting = this.waiting.filter((waiter) => {
      if (waiter.signal !== signal || taken.length === MOST) return true;
      characters += charactersOf(waiter.execution);
      if (taken.length > 0 && characters > MOST_CHARACTERS) return true;
      taken.push(waiter);
      return false;
    });
    return taken;
  }

  /** Resolves when the call has ended. */
  private settle(call: ClientReadableStream<ExecuteResponse>, waiters: readonly Waiter[]): Promise<void> {
    const open = new Set(waiters);
    const close = (waiter: Waiter): void => {
      open.delete(waiter);
      this.inFlight -= 1;
      this.sendSoon();
    };
    const closeAll = (error: unknown): void => {
      for (const waiter of open) {
        waiter.reject(waiter.signal?.aborted ? waiter.signal.reason : error);
        close(waiter);
      }
    };
    return new Promise((resolve) => {
      call.on('data', ({ executionIndex, inputs, isLast, error }: ExecuteResponse) => {
        const waiter = waiters[executionIndex];
        if (waiter === undefined || !open.has(waiter)) return;
        waiter.inputs.push(...inputs);
        if (!isLast) return;
        if (error) waiter.reject(serviceError(error.code, error.message));
        else waiter.resolve(waiter.inputs);
        close(waiter);
      });
      call.on('error', (error) => (closeAll(error), resolve()));
      call.on('end', () => (closeAll(serviceError(status.UNAVAILABLE, 'the call ended early')), resolve()));
    });
  }

  private leave(signal: AbortSignal): void {
    const leaving = this.waiting.filter((waiter) => waiter.signal === signal);
    this.waiting = this.waiting.filter((waiter) => waiter.signal !== signal);
    for (const { reject } of leaving) reject(signal.reason);
  }
}

const charactersOf = ({ program, inputs }: Execution): number =>
  inputs.reduce((sum, input) => sum + input.length, program.length);

function serviceError(code: status, details: string): Error & { code: status; details: string } {
  return Object.assign(new Error(details), { code, details });
}
