import type { Role, Task, TaskType } from '../domain/task/task';
import type { Reason } from '../domain/task/verdict';

/** One response of the policy, as a rollout server gave it. */
export interface Completion {
  text: string;
  tokenIds: number[];
  /** Raw log-probability of each token. */
  logprobs: number[];
  /** Whether the policy ended it itself, by its end of sequence or a stop string. */
  finished: boolean;
  /** Version that the server answered from. */
  policyVersion: number;
}

/** What one request brought: a prompt and its samples. Kept until its step's batch is persisted. */
export interface Rollout {
  /** Unique in the step: `propose/3`, `estimate/3/0` (its first round), `solve/7`. */
  key: string;
  prompt: string;
  promptTokenIds: number[];
  completions: Completion[];
}

/** What a response was asked for. Proposals and `solve` are trained on; estimates are where `solver.batch` says so. */
export const PURPOSES = ['propose', 'estimate', 'solve'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A response with what it earned: a row of the step's record, and a sequence of its batch. */
export interface Episode {
  /** Unique in the step: `propose/3`, `estimate/3/0` (its first sample), `solve/7`. */
  key: string;
  purpose: Purpose;
  role: Role;
  type: TaskType;
  /** The task that was made or solved; absent where there is none. */
  taskId?: string;
  prompt: string;
  promptTokenIds: number[];
  completion: Completion;
  outcome: 'accepted' | 'rejected' | 'correct' | 'incorrect' | 'malformed';
  reason?: Reason;
  /** One line for a person. */
  detail?: string;
  /** Of an accepted proposal: mean of its solver samples. */
  solveRate?: number;
  reward: number;
  /** Whether it is in the step's batch; its advantage is 0 where it is not. */
  trained: boolean;
  advantage: number;
}

/** A task as a person is shown it, with what its solver samples answered. */
export interface TaskSample {
  task: Task;
  step: number;
  solveRate: number;
  answers: { response: string; correct: boolean }[];
}
