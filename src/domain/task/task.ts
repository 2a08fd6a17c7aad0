import { createHash } from 'node:crypto';

/** What a solver has to find of p(i) = o; deduction: the output o. Paper section 3.2. */
export const TASK_TYPES = ['deduction'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Who produced a response: the policy plays both. */
export const ROLES = ['proposer', 'solver'] as const;
export type Role = (typeof ROLES)[number];

/** One value for each task type. */
export type ByType<T> = Record<TaskType, T>;

export const byType = <T>(make: (type: TaskType) => T): ByType<T> =>
  Object.fromEntries(TASK_TYPES.map((type) => [type, make(type)])) as ByType<T>;

/** A program that defines `f`, an argument list, and the value of the call, all as text. */
export interface Triplet {
  /** Python source. */
  program: string;
  /** Canonical text of an argument list. */
  input: string;
  /** Canonical text of the value. */
  output: string;
}

/** A verified task: its output is what the jailed executor found, and it verifies as an answer. */
export interface Task extends Triplet {
  /** Equal for tasks of one type whose programs differ in comments and spacing alone and whose inputs are equal. */
  id: string;
  type: TaskType;
}

/** What a proposer wrote, before it is validated. */
export interface Proposal {
  type: TaskType;
  program: string;
  input: string;
}

/**
 * Identity of a task.
 * @param canonicalProgram the program's text with comments and spacing normalised by CPython's parser
 * @param canonicalInput canonical text of the argument list
 */
export const taskId = (type: TaskType, canonicalProgram: string, canonicalInput: string): string =>
  createHash('sha256')
    .update(JSON.stringify([type, canonicalProgram, canonicalInput]))
    .digest('hex')
    .slice(0, 32);
