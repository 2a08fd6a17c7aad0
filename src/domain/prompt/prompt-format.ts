import type { InductionProposal, Pair, Proposal, TaskType, Triplet, TripletProposal, TripletType } from '../task/task';

/** What a response says, or why it is malformed. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; detail: string };

export const malformed = (detail: string): Parsed<never> => ({ ok: false, detail });

/** What a proposer is shown. */
export type ProposerView =
  | { type: TripletType; references: readonly Triplet[]; rules: ProposalRules }
  | { type: 'induction'; program: string; inputs: number; rules: ProposalRules };

/** What a proposer is told of the rules, where the format has words for it. */
export interface ProposalRules {
  /** Modules and dotted names that a program may not use. */
  banned: readonly string[];
  /** Keywords that the program of an error task may not use, such as `raise`. */
  bannedKeywords: readonly string[];
  /** Seconds that a program may take. */
  timeoutSeconds: number;
}

/** What a solver is shown of a task; never what it has to find. */
export type SolverView =
  | { type: 'deduction' | 'error'; program: string; input: string }
  | { type: 'abduction'; program: string; output: string }
  | { type: 'induction'; pairs: readonly Pair[]; message: string };

/** A programming problem of a public benchmark: a source to complete, or words that ask for a function. */
export type CodingView =
  | { form: 'completion'; entry: string; source: string }
  /** `example` is one of the asserts that have to hold: it tells how the function is called. */
  | { form: 'instruction'; entry: string; text: string; example: string };

/** How tasks are put to a policy, and how its responses are read. One format is one file. */
export interface PromptFormat {
  readonly name: string;
  /** Strings that end a response, beside the policy's own end of sequence. */
  readonly stop: readonly string[];
  renderProposer(view: ProposerView): string;
  renderSolver(view: SolverView): string;
  /** Asks for a whole program, which is read as the answer to an induction task is. */
  renderCoding(view: CodingView): string;
  /** A finished response that makes the proposal and nothing else. */
  renderProposal(proposal: Proposal): string;
  /** A finished response that gives `answer` and nothing else: what admission scores. */
  renderAnswer(type: TaskType, answer: string): string;
  /** Whether a text can stand in a prompt of this format and be told from its tags. */
  canShow(text: string): boolean;
  /** Reads a finished response; program and input are text, not validated yet. */
  parseTriplet(type: TripletType, response: string): Parsed<TripletProposal>;
  /** Reads a finished response to a program that was shown; all the inputs that are there, in order. */
  parseInputs(response: string): Parsed<Pick<InductionProposal, 'inputs' | 'message'>>;
  /** Reads a finished response; the answer is text, not a value yet. */
  parseAnswer(type: TaskType, response: string): Parsed<string>;
}
