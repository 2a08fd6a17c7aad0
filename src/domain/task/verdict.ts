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
  'too_few_inputs',
  'leak',
  'constant_output',
] as const;
export type Reason = (typeof REASONS)[number];

/** What became of a proposal. */
export type Validation =
  | { outcome: 'accepted'; task: Task; metrics: ProgramMetrics }
  | { outcome: 'rejected' | 'malformed'; reason: Reason; detail: string };

/** What became of an answer. Every sample has a verdict: a malformed or truncated one is a wrong one. */
export type Verdict = { outcome: 'correct' } | { outcome: 'incorrect' | 'malformed'; reason: Reason; detail: string };
