import type { Proposal, TaskType, Triplet } from '../task/task';

/** What a response says, or why it is malformed. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; detail: string };

/** What a solver is shown of a task; never what it has to find. */
export interface SolverView {
  type: TaskType;
  program: string;
  input: string;
}

/** How tasks are put to a policy, and how its responses are read. One format is one file. */
export interface PromptFormat {
  readonly name: string;
  /** Strings that end a response, beside the policy's own end of sequence. */
  readonly stop: readonly string[];
  renderProposer(type: TaskType, references: readonly Triplet[]): string;
  renderSolver(task: SolverView): string;
  /** Reads a finished response; program and input are text, not validated yet. */
  parseProposal(type: TaskType, response: string): Parsed<Proposal>;
  /** Reads a finished response; the answer is text, not a value yet. */
  parseAnswer(type: TaskType, response: string): Parsed<string>;
}
