import { createHash } from 'node:crypto';

/**
 * What a solver has to find of p(i) = o (AZR section 3.2). Deduction: o. Abduction: an i that gives o. Induction: p,
 * from some pairs and a message. Error: the name of the exception that p(i) raises, or `NoError`.
 */
export const TASK_TYPES = ['deduction', 'abduction', 'induction', 'error'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Types whose task is one program with one input. */
export type TripletType = Exclude<TaskType, 'induction'>;

/** Who produced a response: the policy plays both. */
export const ROLES = ['proposer', 'solver'] as const;
export type Role = (typeof ROLES)[number];

/** One value for each task type. */
export type ByType<T> = Record<TaskType, T>;

export const byType = <T>(make: (type: TaskType) => T): ByType<T> =>
  Object.fromEntries(TASK_TYPES.map((type) => [type, make(type)])) as ByType<T>;

export const totalOf = (counts: ByType<number>): number => TASK_TYPES.reduce((sum, type) => sum + counts[type], 0);

/** An argument list and the value of the call. */
export interface Pair {
  /** Canonical text of an argument list. */
  input: string;
  /** Canonical text of the value. */
  output: string;
}

/** A program that defines `f`, an argument list, and the value of the call, all as text. */
export interface Triplet extends Pair {
  /** Python source. */
  program: string;
}

/** A verified task: its outputs are what the jailed executor found, and its own answer verifies. */
export type Task = TripletTask | InductionTask;

export interface TripletTask extends Triplet {
  /** Equal for tasks of one type whose programs differ in comments and spacing alone and whose inputs are equal. */
  id: string;
  type: TripletType;
}

export interface InductionTask {
  id: string;
  type: 'induction';
  program: string;
  /** At least two; the first half is shown to a solver, the rest is what its program is held against. */
  pairs: readonly Pair[];
  /** What the proposer tells the solver; may be empty. */
  message: string;
}

/** What an error task has in place of an output where nothing is raised. */
export const NO_ERROR = 'NoError';

export const shownPairs = ({ pairs }: Pick<InductionTask, 'pairs'>): readonly Pair[] =>
  pairs.slice(0, Math.floor(pairs.length / 2));

export const hiddenPairs = ({ pairs }: Pick<InductionTask, 'pairs'>): readonly Pair[] =>
  pairs.slice(Math.floor(pairs.length / 2));

/** What a proposer wrote, before it is validated. */
export type Proposal = TripletProposal | InductionProposal;

export interface TripletProposal {
  type: TripletType;
  program: string;
  input: string;
}

export interface InductionProposal {
  type: 'induction';
  /** The program that the proposer was shown. */
  program: string;
  inputs: readonly string[];
  message: string;
}

/**
 * Identity of a task; an induction task's message is no part of it.
 * @param canonicalProgram the program's text with comments and spacing normalised by CPython's parser
 * @param canonicalInputs canonical texts of the argument lists; their order does not matter
 */
export const taskId = (type: TaskType, canonicalProgram: string, canonicalInputs: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([type, canonicalProgram, [...canonicalInputs].sort()]))
    .digest('hex')
    .slice(0, 32);
