import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { NewTask } from '../domain/curriculum/task-buffer';
import type { Task } from '../domain/task/task';
import type { Jail } from '../selfplay/run';

/**
 * Texts that a policy wrote are kept as `json`, not `text` or `jsonb`: only `json` takes every string, NUL and lone
 * surrogates included.
 */
type Json<T> = ColumnType<T, string, string>;

export interface RunsTable {
  id: string;
  spec: JSONColumnType<object>;
  state: string;
  step: number;
  lease_epoch: number;
  spent_seconds: number;
  created_at: Generated<Date>;
  /** Of the request that made it, unique where there was one. */
  request_id: string | null;
  /** Why it is in its state, in a line for a person. */
  detail: Json<string> | null;
  budget: ColumnType<object, string | undefined, string>;
  /** Of its newest event. */
  last_sequence: Generated<number>;
  /** Of its newest execution; null before the first. */
  jail: JSONColumnType<Jail> | null;
}

export interface StepsTable {
  run_id: string;
  step: number;
  state: string;
  plan: JSONColumnType<object>;
  outcome: JSONColumnType<object> | null;
  change: Json<unknown> | null;
  update: JSONColumnType<object> | null;
  started_at: Generated<Date>;
  committed_at: Date | null;
}

export interface RolloutsTable {
  run_id: string;
  step: number;
  key: string;
  rollout: Json<unknown>;
}

export interface EpisodesTable {
  run_id: string;
  step: number;
  key: string;
  purpose: string;
  trained: boolean;
  role: string;
  type: string;
  task_id: string | null;
  outcome: string;
  reason: string | null;
  detail: Json<string> | null;
  solve_rate: number | null;
  reward: number;
  advantage: number;
  response_tokens: number;
  policy_version: number;
  texts: Json<{ prompt: string; response: string }>;
}

export interface BatchesTable {
  run_id: string;
  policy_version: number;
  batch_id: string;
  loss: JSONColumnType<object>;
  optimizer: JSONColumnType<object>;
  prompt_lengths: Buffer;
  response_lengths: Buffer;
  token_ids: Buffer;
  rollout_logprobs: Buffer;
  advantages: Buffer;
  loss_weights: Buffer;
  temperatures: Buffer;
  policy_versions: Buffer;
}

export interface TasksTable {
  run_id: string;
  id: string;
  /** Order of admission within the run. */
  position: Generated<number>;
  type: string;
  task: Json<Task & Pick<NewTask, 'namelessId'>>;
  solve_rate: number | null;
  admitted_step: number;
  evicted_step: number | null;
}

/** How often a step's plan chose a task as a reference. */
export interface TaskUsesTable {
  run_id: string;
  id: string;
  step: number;
  uses: number;
}

export interface EventsTable {
  run_id: string;
  sequence: number;
  at: Generated<Date>;
  event: Json<unknown>;
}

export interface CheckpointsTable {
  run_id: string;
  policy_version: number;
  dir: string;
  saved_at: Generated<Date>;
}

export interface EvaluationsTable {
  run_id: string;
  policy_version: number;
  result: JSONColumnType<object>;
}

export interface Schema {
  runs: RunsTable;
  steps: StepsTable;
  rollouts: RolloutsTable;
  episodes: EpisodesTable;
  batches: BatchesTable;
  tasks: TasksTable;
  task_uses: TaskUsesTable;
  events: EventsTable;
  checkpoints: CheckpointsTable;
  evaluations: EvaluationsTable;
}
