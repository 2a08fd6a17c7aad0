import type { Outlook } from '../domain/task/alike-everywhere';
import type { ProgramMetrics } from '../domain/task/program-metrics';

/** Ways in which a run ends without a value. */
export type RunFailure =
  | 'exception'
  | 'timeout'
  | 'memory_limit'
  | 'output_limit'
  | 'invalid_output'
  | 'invalid_input'
  | 'crash'
  | 'violation'
  | 'no_result';

/** One call of `f`: its value as a Python literal, or why there is none, in a line for a person. */
export type ProgramRun =
  | { status: 'ok'; output: string }
  /** `exceptionType` is the type's `__name__`, cut at 200 characters. */
  | { status: 'exception'; exceptionType: string; detail: string }
  | { status: Exclude<RunFailure, 'exception'>; detail: string };

export interface RunLimits {
  /** Wall clock of one run, milliseconds. */
  timeoutMs: number;
  /** Memory that a program may add to the interpreter's own, MiB. */
  memoryMib: number;
  /** Bytes of the output's text. */
  outputBytes: number;
  /**
   * Whether to end with the first input that has a run without a result: one that reached a limit or brought its
   * process to an end. The inputs after it have no runs. For inputs of which the first that fails decides.
   */
  stopAtLimit?: boolean;
  /** Whether `runAcross` takes all the interpreters that there are, eight, rather than two. */
  everywhere?: boolean;
}

/** Bounds on what a proposal may be. */
export interface ProposalLimits extends RunLimits {
  /** Characters of the input's canonical text. */
  inputLength: number;
}

/** What CPython's parser says of a program that was never run: what decides if and how it may be. */
export interface ProgramShape extends Outlook {
  /** Empty if the program parses. */
  syntaxError: string;
  /** Dotted names of imported modules. */
  imports: string[];
  /** Plain and dotted names that the program reads or calls. */
  names: string[];
  /** The program with its entry function named `f`; empty if it has none. */
  entryProgram: string;
}

/** All that the parser says of it. */
export interface ProgramAnalysis extends ProgramShape {
  /** Names of the statement types at any depth, such as `For` or `Raise`. */
  statements: string[];
  /** Equal for programs that differ in comments and spacing alone. */
  canonical: string;
  /** `entryProgram` without comments and docstrings, and without them and assignments at module level. */
  withoutComments: string;
  withoutGlobals: string;
  /** `withoutComments` with numbers for its names: equal texts are programs that do the same. Empty if it sees them. */
  withoutNames: string;
  /** Whether `f` mentions none of its parameters; false does not say that its value depends on them. */
  ignoresInput: boolean;
  metrics: ProgramMetrics;
}

/** Runs untrusted programs in a jail. Throws `PartUnavailable` when it cannot give an answer. */
export interface ProgramExecutor {
  /**
   * For each input, in order: `f` called twice in one fresh state and once in a fresh process of other interpreters;
   * fewer runs where one ended its process.
   * @param isWorthMore told the runs of the first interpreter, says whether there are to be any of others; there are
   * unless it is given. They cost as much again.
   */
  runAcross(
    program: string,
    inputs: readonly string[],
    limits: RunLimits,
    isWorthMore?: (runs: readonly ProgramRun[][]) => boolean,
  ): Promise<ProgramRun[][]>;
  analyze(program: string): Promise<ProgramAnalysis>;
  /** A third of the cost of `analyze`. */
  skim(program: string): Promise<ProgramShape>;
}
