import { parseArguments, ValueSyntaxError } from '../domain/value';
import { RunMode, type ExecuteResponse, type Run } from '../generated/azr/v1/executor';
import { batches } from './batching';
import type { Library } from './fork-server';
import type { ForkServerPool } from './fork-server-pool';
import { Cause, ELSEWHERE, RequestKind, type End, type ForkRequest } from './frames';
import { runItems, type ItemResult } from './item-runs';
import type { Execution } from './limits';
import { marshalArguments } from './marshal';
import type { ProgramAnalyzer } from './program-analyzer';
import { invalidInput, isOver, runsOf } from './run-of';

/** Groups of fork servers that are always there; they differ in hash seed, address layout and clocks. */
export const GROUPS = 2;
/** Those and further ones, which are started when a program is first to run everywhere. */
const ALL_GROUPS = 8;

/** UTF-8 takes up to four bytes a character; the rest is for details. */
const FRAME_SLACK = 4_096;
/** Stack frames by which the groups differ, so that no two runs of an input are made at the same depth. */
const DEPTH_A_GROUP = 5;

/** Programs that import, or ask for a codec, are better sent to the library at once. A guess: a wrong one is mended. */
const NEEDS_LIBRARY = /import|code/;

/** Runs programs in fork servers. */
export class ProgramRunner {
  private turn = 0;

  constructor(
    private readonly pool: ForkServerPool,
    private readonly analyzer: ProgramAnalyzer,
  ) {}

  /**
   * One response for each input, in order, as processes end. Inputs whose run ended its process get no further runs.
   * @throws PartUnavailable; the signal's reason if it was aborted
   */
  async *execute(execution: Execution, signal?: AbortSignal): AsyncGenerator<ExecuteResponse> {
    let inputIndex = 0;
    for await (const runs of this.runsOf(execution, signal)) {
      yield { inputIndex: inputIndex++, runs };
      if (execution.stopAtLimit && runs.some(isOver)) return;
    }
  }

  /** Of each input. One that is no argument list has a single run, which says so. */
  private async *runsOf(execution: Execution, signal?: AbortSignal): AsyncGenerator<Run[]> {
    const { program, inputs } = execution;
    const library: Library = NEEDS_LIBRARY.test(program) ? 'whole' : 'none';
    const running = new RunningProgram(this.pool, execution, this.turn++ % GROUPS, library, signal);
    const mostInputs = (await this.canShareProcess(execution, signal)) ? undefined : 1;
    for (const piece of legalStretches(inputs.map(readInput))) {
      if (!Array.isArray(piece)) yield [piece];
      else
        for (const batch of batches(piece, mostInputs)) for await (const some of running.onInputs(batch)) yield* some;
    }
  }

  private async canShareProcess({ program, inputs }: Execution, signal?: AbortSignal): Promise<boolean> {
    if (inputs.length === 1) return true;
    const [analysis] = await this.analyzer.analyze([program], signal);
    return analysis!.leavesNothingBehind;
  }
}

/** Cuts a list of inputs into those that are none, and what stands between them. */
function* legalStretches(inputs: readonly (Uint8Array | Run)[]): Generator<Uint8Array[] | Run> {
  let legal: Uint8Array[] = [];
  for (const input of inputs) {
    if (input instanceof Uint8Array) {
      legal.push(input);
      continue;
    }
    if (legal.length > 0) yield legal;
    legal = [];
    yield input;
  }
  if (legal.length > 0) yield legal;
}

/** One program on its way through fork servers. */
class RunningProgram {
  constructor(
    private readonly pool: ForkServerPool,
    private readonly execution: Execution,
    /** Where runs across groups begin. */
    private readonly firstGroup: number,
    /** Becomes `whole` when the program turns out to need it. */
    private library: Library,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The runs of each input, those of one process at a time. */
  async *onInputs(inputs: readonly Uint8Array[]): AsyncGenerator<Run[][]> {
    switch (this.execution.runMode) {
      case RunMode.RUN_MODE_TWICE:
        return yield* this.inGroup(this.oneGroup ?? this.firstGroup, 2, inputs);
      case RunMode.RUN_MODE_ACROSS:
        return yield* this.acrossGroups(GROUPS, inputs);
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

  /** What one process of the first group has run, the other groups run before the next one begins. */
  private async *acrossGroups(groups: number, inputs: readonly Uint8Array[]): AsyncGenerator<Run[][]> {
    let done = 0;
    for await (const results of this.inGroup(this.firstGroup, 2, inputs)) {
      const same = inputs.slice(done, (done += results.length));
      let runs = results;
      for (let n = 1; n < groups; n++) runs = await this.alsoIn((this.firstGroup + n) % groups, same, runs);
      yield runs;
    }
  }

  /** One more run of each input whose processes have lived on so far. */
  private async alsoIn(group: number, inputs: readonly Uint8Array[], runs: readonly Run[][]): Promise<Run[][]> {
    const open = runs.map((ofInput) => !ofInput.some(isOver));
    const more: Run[][] = [];
    const again = inputs.filter((_, i) => open[i]);
    for await (const some of this.inGroup(group, 1, again)) more.push(...some);
    return runs.map((ofInput, i) => (open[i] ? [...ofInput, ...more.shift()!] : ofInput));
  }

  /** @param group undefined for any */
  private async *inGroup(
    group: number | undefined,
    calls: number,
    inputs: readonly Uint8Array[],
  ): AsyncGenerator<Run[][]> {
    const send = (first: number): ReturnType<RunningProgram['send']> => this.send(group, calls, inputs.slice(first));
    for await (const results of runItems(inputs.length, calls, send)) yield results.map(runsOf);
  }

  private send(
    group: number | undefined,
    calls: number,
    inputs: readonly Uint8Array[],
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

  private request(calls: number, depth: number, inputs: readonly Uint8Array[]): ForkRequest {
    const { program, limits } = this.execution;
    return {
      kind: RequestKind.Execute,
      frames: calls * inputs.length,
      timeoutMs: limits.timeoutMs,
      memoryMib: limits.memoryMib,
      frameBytes: 4 * limits.outputBytes + FRAME_SLACK,
      payload: { calls, depth, outputLimit: limits.outputBytes, items: [program, ...inputs] },
    };
  }
}

/** For the fork server; a run that says why not where the text is no argument list. */
function readInput(text: string): Uint8Array | Run {
  try {
    return marshalArguments(parseArguments(text));
  } catch (error) {
    if (error instanceof ValueSyntaxError) return invalidInput(error.message);
    throw error;
  }
}
