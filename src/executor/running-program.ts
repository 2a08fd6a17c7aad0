import { RunMode, type Run } from '../generated/azr/v1/executor';
import type { Library } from './fork-server';
import type { ForkServerPool } from './fork-server-pool';
import { Cause, ELSEWHERE, RequestKind, type End, type ForkRequest } from './frames';
import { runItems, type ItemResult } from './item-runs';
import type { Execution } from './limits';
import { isOver, runsOf } from './run-of';

/** Groups of fork servers that are always there; they differ in hash seed, address layout and clocks. */
export const GROUPS = 2;
/** Those and further ones, which are started when a program is first to run everywhere. */
export const ALL_GROUPS = 8;

/** UTF-8 takes up to four bytes a character; the rest is for details. */
const FRAME_SLACK = 4_096;
/** A module is loaded for two of them, and another one for the third. */
const CALLS_OF_LOADS = 3;
/** Stack frames by which the groups differ, so that no two runs of an input are made at the same depth. */
const DEPTH_A_GROUP = 5;

/** Programs that import, or ask for a codec, are better sent to the library at once. A guess: a wrong one is mended. */
const NEEDS_LIBRARY = /import|code/;

/** What `repr` shows of an object without one of its own. */
const ADDRESS = / at 0x[0-9a-f]+/;

/** An argument list as fork servers take it. */
export interface Input {
  data: Uint8Array;
  holdsSet: boolean;
}

/** A program and what is known of it. */
export interface ReadProgram extends Execution {
  /** Whether it is known to see nothing in which interpreters differ but addresses. */
  isAlike: boolean;
  /** As `KnownProgram` has it; else every process compiles it. */
  code: Uint8Array | undefined;
}

/** One program on its way through fork servers. */
export class RunningProgram {
  /** Becomes `whole` when the program turns out to need it. */
  private library: Library;

  constructor(
    private readonly pool: ForkServerPool,
    private readonly execution: ReadProgram,
    /** Where runs across groups begin. */
    private readonly firstGroup: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.library = NEEDS_LIBRARY.test(execution.program) ? 'whole' : 'none';
  }

  /** The runs of each input, those of one process at a time. */
  async *onInputs(inputs: readonly Input[]): AsyncGenerator<Run[][]> {
    switch (this.execution.runMode) {
      case RunMode.RUN_MODE_TWICE:
        return yield* this.inGroup(this.oneGroup ?? this.firstGroup, 2, inputs);
      case RunMode.RUN_MODE_ACROSS:
        return yield* this.execution.isAlike && !inputs.some((input) => input.holdsSet)
          ? this.acrossLoads(inputs)
          : this.acrossGroups(GROUPS, inputs);
      case RunMode.RUN_MODE_EVERYWHERE:
        return yield* this.acrossGroups(ALL_GROUPS, inputs);
      default:
        return yield* this.inGroup(this.oneGroup, 1, inputs);
    }
  }

  /** Where a single interpreter is asked for: undefined for any. */
  private get oneGroup(): number | undefined {
    const { otherThan } = this.execution;
    return otherThan === undefined ? undefined : (otherThan + 1) % GROUPS;
  }

  /**
   * Two calls in one module and one in another, at other addresses, of the same process: interpreters would show the
   * program no more, and each costs a fork. But what looks like an address is checked by another one.
   */
  private async *acrossLoads(inputs: readonly Input[]): AsyncGenerator<Run[][]> {
    let done = 0;
    for await (const results of this.inGroup(this.firstGroup, CALLS_OF_LOADS, inputs)) {
      const same = inputs.slice(done, (done += results.length));
      const isAddress = results.some((runs) => runs.some(({ output }) => ADDRESS.test(output)));
      yield isAddress ? await this.alsoIn((this.firstGroup + 1) % GROUPS, same, results) : results;
    }
  }

  /** What one process of the first group has run, the other groups run before the next one begins. */
  private async *acrossGroups(groups: number, inputs: readonly Input[]): AsyncGenerator<Run[][]> {
    let done = 0;
    for await (const results of this.inGroup(this.firstGroup, 2, inputs)) {
      const same = inputs.slice(done, (done += results.length));
      let runs = results;
      for (let n = 1; n < groups; n++) runs = await this.alsoIn((this.firstGroup + n) % groups, same, runs);
      yield runs;
    }
  }

  /** One more run of each input whose processes have lived on so far. */
  private async alsoIn(group: number, inputs: readonly Input[], runs: readonly Run[][]): Promise<Run[][]> {
    const open = runs.map((ofInput) => !ofInput.some(isOver));
    const more: Run[][] = [];
    const again = inputs.filter((_, i) => open[i]);
    for await (const some of this.inGroup(group, 1, again)) more.push(...some);
    return runs.map((ofInput, i) => (open[i] ? [...ofInput, ...more.shift()!] : ofInput));
  }

  /** @param group undefined for any */
  private async *inGroup(group: number | undefined, calls: number, inputs: readonly Input[]): AsyncGenerator<Run[][]> {
    const send = (first: number): ReturnType<RunningProgram['send']> => this.send(group, calls, inputs.slice(first));
    for await (const results of runItems(inputs.length, calls, send)) yield results.map(runsOf);
  }

  private send(
    group: number | undefined,
    calls: number,
    inputs: readonly Input[],
  ): Promise<Pick<ItemResult, 'group' | 'frames'> & { end: End; again: boolean }> {
    const { library } = this;
    return this.pool.use({ group, library }, this.signal, async (server) => {
      const request = this.request(calls, DEPTH_A_GROUP * server.kind.group, inputs);
      const outcome = await server.run(request, this.signal);
      const again = library === 'none' && outcome.end.cause === Cause.Exit && outcome.end.code === ELSEWHERE;
      if (again) this.library = 'whole';
      return { ...outcome, group: server.kind.group, again };
    });
  }

  private request(calls: number, depth: number, inputs: readonly Input[]): ForkRequest {
    const { program, code, limits } = this.execution;
    const texts = code === undefined ? [program, ''] : ['', code];
    return {
      kind: RequestKind.Execute,
      frames: calls * inputs.length,
      timeoutMs: limits.timeoutMs,
      memoryMib: limits.memoryMib,
      frameBytes: 4 * limits.outputBytes + FRAME_SLACK,
      payload: { calls, depth, outputLimit: limits.outputBytes, items: [...texts, ...inputs.map(({ data }) => data)] },
    };
  }
}
