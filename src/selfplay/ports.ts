import type { TrainBatch } from '../domain/batch/train-batch';
import type { AlarmName } from '../domain/health/collapse';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Episode, Rollout, TaskSample } from './episode';
import type { EvaluationResult } from './evaluation-result';
import type { Jail, RunState } from './run';
import type { RunEvent } from './run-event';
import type { StepRecord } from './step-record';

/** A prompt to be sampled. */
export interface SampleRequest {
  key: string;
  prompt: string;
  samples: number;
  /** Sample i is drawn with seed + i. */
  seed: number;
  /** 0 is greedy. */
  temperature: number;
  /** 0 … 1; absent for 1. */
  topP?: number;
  maxTokens: number;
  stop: readonly string[];
}

export interface RolloutServer {
  name: string;
  url: string;
}

/** The servers that the policy answers from. Throws `PartUnavailable` when none gives an answer in time. */
export interface RolloutPool {
  readonly servers: readonly RolloutServer[];
  /** Stamps what is sampled from here on, and keeps prefix caches of versions apart. */
  useVersion(policyVersion: number): void;
  /** @throws PromptTooLong where prompt and new tokens do not fit into the context */
  sample(request: SampleRequest, signal?: AbortSignal): Promise<Rollout>;
  /** Tokens of a text, and of the longest sequence that the policy takes. */
  measure(text: string): Promise<{ tokens: number; contextTokens: number }>;
}

/** What the trainer measured of an update; units as in the contract's UpdateMetrics. */
export interface UpdateMetrics {
  loss: number;
  gradientNorm: number;
  entropy: number;
  clipFractionLow: number;
  clipFractionHigh: number;
  ratioMin: number;
  ratioMax: number;
  klUpdate: number;
  /** Absent where the loss refers to no reference policy. */
  klReference?: number | undefined;
  maskedShare: number;
  mismatchMean: number;
  mismatchMax: number;
  mismatchKl: number;
  responseTokens: number;
  totalTokens: number;
  optimizerSteps: number;
  skippedSteps: number;
  seconds: number;
  tokensPerSecond: number;
  paddingShare: number;
  sharedShare: number;
  peakMemoryBytes: number;
  /** Absent where the device's peak is not known. */
  mfu?: number | undefined;
}

export type PolicySource = { policyDir: string } | { checkpointDir: string };

/** A checkpoint that the trainer has taken on. */
export interface Saving {
  /** Ends when the folder is there, whole; fails where there will be none. */
  written: Promise<void>;
}

/** One policy's weights and optimizer. Calls are ordered; a repeat under an id gives the first result. */
export interface PolicyTrainer {
  /**
   * Opens the lease `epoch` on `runId` and loads version `policyVersion` from the source.
   * @param referenceDir Hugging Face folder of the policy that a KL term refers to
   */
  load(
    runId: string,
    epoch: number,
    source: PolicySource,
    policyVersion: number,
    seed: number,
    referenceDir?: string,
  ): Promise<void>;
  /** Applies the batch once, however often it is sent. */
  train(batch: TrainBatch): Promise<UpdateMetrics>;
  /** Makes the servers answer from `policyVersion`; throws `PartUnavailable` naming those that do not. */
  publish(policyVersion: number, servers: readonly RolloutServer[]): Promise<void>;
  /** Has the version saved as it is at this place in the order of calls; what follows need not wait for the writing. */
  saveCheckpoint(policyVersion: number, dir: string): Promise<Saving>;
  exportPolicy(policyVersion: number, dir: string): Promise<void>;
}

export interface Checkpoint {
  policyVersion: number;
  dir: string;
}

/**
 * The durable state of one run's steps. Every method is one transaction, with the events that tell of it; it throws
 * `PartUnavailable` without a database.
 */
export interface RunStore {
  /** Takes the run over: the epoch of the new lease, above all before. */
  acquireLease(runId: string): Promise<number>;
  /** @param detail one line for a person, such as why it failed */
  setState(runId: string, state: RunState, spentSeconds: number, detail?: string): Promise<void>;
  /** Stores what holds the programs of the execution that begins. */
  saveJail(runId: string, jail: Jail): Promise<void>;
  /** Stores what happened outside a step, such as what seeding left out. */
  tell(runId: string, events: readonly RunEvent[]): Promise<void>;
  /** Stores the first tasks; the run is `running` at step 0 from here on. */
  saveSeeds(runId: string, buffer: TaskBuffer): Promise<void>;

  /** The buffer as `step` left it, or the last committed step. */
  loadBuffer(runId: string, step?: number): Promise<TaskBuffer>;
  openStep(runId: string): Promise<StepRecord | undefined>;
  /** A step that was planned, whatever its state. */
  findStep(runId: string, step: number): Promise<StepRecord | undefined>;
  /** The newest committed steps, oldest first. */
  lastSteps(runId: string, count: number): Promise<StepRecord[]>;
  savePlanned(runId: string, record: StepRecord): Promise<void>;
  saveRollout(runId: string, step: number, rollout: Rollout): Promise<void>;
  loadRollouts(runId: string, step: number): Promise<Rollout[]>;
  saveRolledOut(runId: string, step: number): Promise<void>;
  /** Stores batch, episodes and outcome; the rollouts are dropped. */
  saveBatch(runId: string, record: StepRecord, batch: TrainBatch, episodes: readonly Episode[]): Promise<void>;
  saveApplied(runId: string, record: StepRecord): Promise<void>;
  savePublished(runId: string, step: number): Promise<void>;
  /** Curriculum, counters, the run's step and the events, together. */
  commit(runId: string, record: StepRecord, spentSeconds: number, events: readonly RunEvent[]): Promise<void>;

  /** Batches that start from `policyVersion` or later, in order. */
  batchesFrom(runId: string, policyVersion: number): AsyncIterable<TrainBatch>;
  /** Newest first. */
  checkpoints(runId: string): Promise<Checkpoint[]>;
  /**
   * Records a checkpoint, forgets all but the newest `keep` and, once there are so many, the batches that none of them
   * needs.
   */
  saveCheckpoint(runId: string, checkpoint: Checkpoint, keep: number): Promise<{ dropped: Checkpoint[] }>;
  saveEvaluation(runId: string, result: EvaluationResult): Promise<void>;
  loadEvaluation(runId: string, policyVersion: number): Promise<EvaluationResult | undefined>;
  /** Of each type a task with its answers: the newest that was partly solved, or else any valid one. */
  sampleTasks(runId: string): Promise<TaskSample[]>;
}

/** Someone who watches a run. */
export interface RunObserver {
  stepStarted(step: number): void;
  /** Some of the step's responses have landed. */
  responsesLanded(tokens: number): void;
  stepCommitted(record: StepRecord, buffer: TaskBuffer): void;
  /** Self-play has collapsed in some way. */
  alarm(alarm: AlarmName, message: string): void;
  /** What is under way outside a step: restoring, evaluating, saving. */
  busy(what: string): void;
  /** Something worth a line that stays. */
  note(message: string): void;
}

/** Held-out evaluation of the policy that the servers answer from. */
export interface Evaluator {
  evaluate(policyVersion: number): Promise<EvaluationResult>;
}
