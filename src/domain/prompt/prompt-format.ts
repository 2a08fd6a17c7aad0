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
  /** A finished response that gives `answer` and nothing else: what admission scores. */
  renderAnswer(answer: string): string;
  /** Whether a text can stand in a prompt of this format and be told from its tags. */
  canShow(text: string): boolean;
  /** Reads a finished response; program and input are text, not validated yet. */
  parseProposal(type: TaskType, response: string): Parsed<Proposal>;
  /** Reads a finished response; the answer is text, not a value yet. */
  parseAnswer(type: TaskType, response: string): Parsed<string>;
}
