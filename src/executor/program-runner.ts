import { RunMode, RunStatus, type ExecuteResponse, type Run } from '../generated/azr/v1/executor';
import { batches, canShareProcess } from './batching';
import type { ForkServerPool } from './fork-server-pool';
import { RequestKind, type ForkRequest } from './frames';
import { runItems } from './item-runs';
import type { Execution } from './limits';
import { isOver, runsOf } from './run-of';

/** Groups of fork servers; they differ in hash seed and address layout. */
export const GROUPS = 2;

/** UTF-8 takes up to four bytes a character; the rest is for details. */
const FRAME_SLACK = 4_096;
/** Stack frames by which the groups differ, so that no two runs of an input are made at the same depth. */
const DEPTH_A_GROUP = 5;

/** Runs programs in fork servers. */
export class ProgramRunner {
  private turn = 0;

  constructor(private readonly pool: ForkServerPool) {}

  /**
   * One response for each input, in order, a batch at a time. Inputs whose run ended its process get no further runs.
   * @throws PartUnavailable; the signal's reason if it was aborted
   */
  async *execute(execution: Execution, signal?: AbortSignal): AsyncGenerator<ExecuteResponse> {
    let inputIndex = 0;
    for (const inputs of batches(execution.inputs, canShareProcess(execution.program) ? undefined : 1)) {
      const results = await this.runBatch({ ...execution, inputs }, signal);
      for (const runs of results) yield { inputIndex: inputIndex++, runs };
    }
  }

  private async runBatch(execution: Execution, signal?: AbortSignal): Promise<Run[][]> {
    switch (execution.runMode) {
      case RunMode.RUN_MODE_TWICE:
        return this.runIn(undefined, 2, execution, signal);
      case RunMode.RUN_MODE_ACROSS:
        return this.runAcross(execution, signal);
      default:
        return this.runIn(undefined, 1, execution, signal);
    }
  }

  private async runAcross(execution: Execution, signal?: AbortSignal): Promise<Run[][]> {
    const group = this.turn++ % GROUPS;
    const runs = await this.runIn(group, 2, execution, signal);
    const open = runs.filter((runsOfInput) => !runsOfInput.some(isOver));
    const inputs = execution.inputs.filter((_, i) => open.includes(runs[i]!));
    const others = await this.runIn((group + 1) % GROUPS, 1, { ...execution, inputs }, signal);
    open.forEach((runsOfInput, i) => runsOfInput.push(...others[i]!));
    return runs;
  }

  /** @param group undefined for any */
  private async runIn(
    group: number | undefined,
    calls: number,
    { program, inputs, limits }: Execution,
    signal?: AbortSignal,
  ): Promise<Run[][]> {
    const request = (first: number, depth: number): ForkRequest => ({
      kind: RequestKind.Execute,
      frames: calls * (inputs.length - first),
      timeoutMs: limits.timeoutMs,
      memoryMib: limits.memoryMib,
      frameBytes: 4 * limits.outputBytes + FRAME_SLACK,
      payload: { calls, depth, outputLimit: limits.outputBytes, items: [program, ...inputs.slice(first)] },
    });
    const results = await runItems(inputs.length, calls, (first) =>
      this.pool.use(group, signal, async (server) => ({
        ...(await server.run(request(first, DEPTH_A_GROUP * server.group), signal)),
        group: server.group,
      })),
    );
    return results.map(runsOf).map(untilInvalidInput);
  }
}

/** An input that is no value is said to be so once. */
const untilInvalidInput = (runs: Run[]): Run[] =>
  runs[0]?.status === RunStatus.RUN_STATUS_INVALID_INPUT ? runs.slice(0, 1) : runs;
