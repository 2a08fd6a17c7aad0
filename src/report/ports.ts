import type { Role, Task, TaskType } from '../domain/task/task';
import type { RunCatalog } from '../runs/ports';
import type { Episode } from '../selfplay/episode';

/** Steps from `first` to `last`, both included. */
export interface StepRange {
  first: number;
  last: number;
}

/** What a step's episodes of one role and type add up to. */
export interface EpisodeTally {
  step: number;
  role: Role;
  type: TaskType;
  episodes: number;
  responseTokens: number;
  /** Proposals that became tasks. */
  accepted: number;
  /** Those of them that some but not all samples solved: 0 < solve rate < 1. */
  learnable: number;
  /** First samples of estimates, and those of them whose think block is not empty. */
  firstSamples: number;
  reasoned: number;
}

/** A program that a proposer wrote and that entered the buffer. */
export interface AdmittedProgram {
  step: number;
  program: string;
}

/** A response as a person is shown it. */
export interface ShownEpisode extends Pick<Episode, 'prompt' | 'outcome' | 'reason' | 'detail' | 'reward'> {
  response: string;
}

/** A proposed task, how it was proposed, and what its solver samples answered. */
export interface ReportSample {
  step: number;
  task: Task;
  /** Of all of its samples, 0 … 1. */
  solveRate: number;
  proposal: ShownEpisode;
  answers: ShownEpisode[];
}

/** What a report reads of a run: bounded parts of it, one after another. */
export interface ReportSource extends Pick<RunCatalog, 'eventsAfter'> {
  /** In the order of steps. */
  episodeTallies(runId: string, steps: StepRange): Promise<EpisodeTally[]>;
  /** In the order of steps; induction is left out, for its programs are given. */
  admittedPrograms(runId: string, steps: StepRange): Promise<AdmittedProgram[]>;
  /** Of each type one task that some samples solved and some did not, or any; of the earliest or latest such step. */
  samples(runId: string, steps: StepRange, which: 'earliest' | 'latest'): Promise<ReportSample[]>;
}
