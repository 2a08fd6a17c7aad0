import { isAlikeEverywhere } from '../domain/task/alike-everywhere';
import { holdsSet, parseArguments, ValueSyntaxError } from '../domain/value';
import type { InputRuns, ProgramAnalysis, Run } from '../generated/azr/v1/executor';
import { batches } from './batching';
import type { ForkServerPool } from './fork-server-pool';
import { MAX_HELD_BYTES, MAX_RUNS, type Execution } from './limits';
import { marshalArguments } from './marshal';
import type { KnownProgram, ProgramAnalyzer } from './program-analyzer';
import { invalidInput, isOver } from './run-of';
import { GROUPS, RunningProgram, type Input } from './running-program';

/** Runs programs in fork servers. */
export class ProgramRunner {
  private turn = 0;

  constructor(
    private readonly pool: ForkServerPool,
    private readonly analyzer: ProgramAnalyzer,
  ) {}

  /**
   * The runs of each input, in order, those of a process as it ends. Inputs whose run ended its process get no further
   * runs.
   * @throws PartUnavailable; the signal's reason if it was aborted
   */
  async *execute(execution: Execution, signal?: AbortSignal): AsyncGenerator<InputRuns[]> {
    let done = 0;
    for await (const some of this.runsOf(execution, signal)) {
      const last = execution.stopAtLimit ? some.findIndex((runs) => runs.some(isOver)) : -1;
      const wanted = last < 0 ? some : some.slice(0, last + 1);
      yield wanted.map((runs, i) => ({ inputIndex: done + i, runs }));
      if (last >= 0) return;
      done += some.length;
    }
  }

  private async *runsOf(execution: Execution, signal?: AbortSignal): AsyncGenerator<Run[][]> {
    const { analysis, code } = (await this.known(execution, signal)) ?? {};
    const isAlike = analysis !== undefined && isAlikeEverywhere(analysis);
    const program = { ...execution, isAlike, code };
    const running = new RunningProgram(this.pool, program, this.turn++ % GROUPS, signal);
    const read = lazily(execution.inputs, readInput);
    for (const batch of batches(read, bytesOf, mostInputs(execution, analysis))) {
      const legal = batch.filter((input) => 'data' in input);
      yield* inOrder(batch, running.onInputs(legal));
    }
  }

  /** Nothing where it is not known and would save less than it costs. */
  private async known({ program, inputs }: Execution, signal?: AbortSignal): Promise<KnownProgram | undefined> {
    if (inputs.length === 1) return this.analyzer.remembered(program);
    const [known] = await this.analyzer.read([program], true, signal);
    return known;
  }
}

/** Inputs that may share a process. */
function mostInputs({ limits }: Execution, analysis: ProgramAnalysis | undefined): number {
  if (!analysis?.leavesNothingBehind) return 1;
  return Math.max(1, Math.floor(MAX_HELD_BYTES / MAX_RUNS / limits.outputBytes));
}

function* lazily<T, R>(items: readonly T[], make: (item: T) => R): Generator<R> {
  for (const item of items) yield make(item);
}

const bytesOf = (input: Input | Run): number => ('data' in input ? input.data.length : 0);

/** For the fork server; a run that says why not where the text is no argument list. */
function readInput(text: string): Input | Run {
  try {
    const read = parseArguments(text);
    return { data: marshalArguments(read), holdsSet: holdsSet(read) };
  } catch (error) {
    if (error instanceof ValueSyntaxError) return invalidInput(error.message);
    throw error;
  }
}

/** With a single run, which says so, for each input that is no argument list. */
async function* inOrder(batch: readonly (Input | Run)[], legal: AsyncIterable<Run[][]>): AsyncGenerator<Run[][]> {
  let next = 0;
  const illegal = (): Run[][] => {
    const runs: Run[][] = [];
    for (let one = batch[next]; one !== undefined && 'status' in one; one = batch[++next]) runs.push([one]);
    return runs;
  };
  const first = illegal();
  if (first.length > 0) yield first;
  for await (const some of legal) {
    yield some.flatMap((runs) => {
      next += 1;
      return [runs, ...illegal()];
    });
  }
}
