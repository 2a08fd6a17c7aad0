import { ExecutorClient, type ExecutionOptions } from '../executor/client';
import type { InputRuns, ProgramAnalysis } from '../generated/azr/v1/executor';
import { delayOf, type Fault } from './play';

/** What one run may take beyond its limit, milliseconds. */
const GRACE_MS = 1_000;

/** A client that measures how long its calls take. */
export class TimedClient extends ExecutorClient {
  /** Milliseconds in which a call was under way. */
  callMs = 0;
  private delays: Fault[] = [];

  override async execute(request: ExecutionOptions, signal?: AbortSignal): Promise<InputRuns[]> {
    const { result, elapsedMs } = await this.timed(() => super.execute(request, signal));
    const timeoutMs = request.limits?.timeoutMs;
    if (timeoutMs) this.delays.push(...delayOfRuns(result, elapsedMs, timeoutMs));
    return result;
  }

  override async analyze(programs: readonly string[], skim?: boolean): Promise<ProgramAnalysis[]> {
    return (await this.timed(() => super.analyze(programs, skim))).result;
  }

  /** Calls, since this was asked last, whose runs took longer than their limit and a second. */
  takeDelays(): Fault[] {
    return this.delays.splice(0);
  }

  private async timed<R>(call: () => Promise<R>): Promise<{ result: R; elapsedMs: number }> {
    const started = performance.now();
    const result = await call();
    const elapsedMs = performance.now() - started;
    this.callMs += elapsedMs;
    return { result, elapsedMs };
  }
}

/** For as long as a program waits for a core its clock stands still, so that a busy machine is not held against it. */
export function delayOfRuns(responses: readonly InputRuns[], elapsedMs: number, timeoutMs: number): Fault[] {
  const runs = responses.flatMap((response) => response.runs);
  const waitedMs = runs.reduce((sum, run) => sum + run.waitedUs, 0) / 1_000;
  const count = Math.max(1, runs.length);
  return delayOf(
    `the end of ${count === 1 ? 'a run' : `${count} runs`}`,
    elapsedMs - waitedMs,
    count * (timeoutMs + GRACE_MS),
  );
}
