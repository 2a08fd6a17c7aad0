import type { ProgramMetrics } from './program-metrics';
import type { Task } from './task';

/** Why a proposal or an answer did not pass; a closed list. */
export const REASONS = [
  'malformed',
  'truncated',
  'syntax_error',
  'no_entry_function',
  'banned',
  'too_long',
  'unshowable',
  'bad_input',
  'bad_answer',
  'wrong_value',
  'exception',
  'timeout',
  'memory_limit',
  'output_limit',
  'no_result',
  'invalid_output',
  'nondeterministic',
  'unverifiable',
  'duplicate',
  'renamed_duplicate',
  'too_few_inputs',
  'leak',
  'constant_output',
  'ignored_input',
  'equal_hidden_outputs',
  'shown_hidden_input',
] as const;
export type Reason = (typeof REASONS)[number];

/** A proposal that is a task. */
export interface Accepted {
  outcome: 'accepted';
  task: Task;
  /** Equal for tasks that differ in the names of their programs alone. */
  namelessId: string;
  metrics: ProgramMetrics;
  /** Whether what a solver has to find stands in a comment of the program that it is shown. */
  toldInComment: boolean;
}

/** What became of a proposal. */
export type Validation =
  | Accepted
  /** Penalised: it earns the penalty for rejected proposals, else nothing (`zeroReward`). */
  | { outcome: 'rejected'; penalised: boolean; reason: Reason; detail: string }
  | { outcome: 'malformed'; reason: Reason; detail: string };

/** What became of an answer. Every sample has a verdict: a malformed or truncated one is a wrong one. */
export type Verdict = { outcome: 'correct' } | { outcome: 'incorrect' | 'malformed'; reason: Reason; detail: string };
