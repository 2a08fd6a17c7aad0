import type { RunSpec } from '../config/run-spec';
import type { Jail, Run, RunBudget, RunState } from '../selfplay/run';
import type { StoredEvent } from '../selfplay/run-event';

/** What a run is given to spend. */
export interface Grant extends RunBudget {
  /** Seconds left of the grant that this one took the place of, where they shall be gone on with later. */
  setAside?: number;
}

/** A grant as it is stored. */
export interface StoredGrant extends Grant {
  /** Step that the run stood at when it was granted. */
  sinceStep: number;
}

/** A run as it is stored. Its settings may be those of an earlier version: nobody has looked at them yet. */
export interface RunRecord extends Omit<Run, 'spec'> {
  settings: Record<string, unknown>;
  budget: StoredGrant;
  /** Why it is in its state, in a line for a person; may be empty. */
  detail: string;
  createdAt: Date;
  /** Of its newest execution; absent before the first. */
  jail?: Jail;
  /** Of its newest event; 0 where there is none. */
  lastSequence: number;
}

export interface NewRun {
  id: string;
  spec: RunSpec;
  budget: Grant;
  /** Chosen by whoever asks; a repeat gives the first run. */
  requestId?: string;
}

export interface PageRequest {
  /** At least 1. */
  size: number;
  /** `next` of the page before. */
  after?: string;
}

export interface RunPage {
  /** Newest first. */
  runs: RunRecord[];
  /** Opaque; absent on the last page. */
  next?: string;
}

/** All runs. Every method is one transaction, with the event that tells of it; without a database `PartUnavailable`. */
export interface RunCatalog {
  /**
   * Stores a run that waits, without tasks.
   * @throws AzrError `conflict` when the request id belongs to a run with other settings
   */
  create(run: NewRun): Promise<RunRecord>;
  /** @throws AzrError `not_found` */
  get(runId: string): Promise<RunRecord>;
  /** The newest. */
  latest(): Promise<RunRecord | undefined>;
  /** @throws AzrError `invalid` for a token that no page gave */
  list(page: PageRequest): Promise<RunPage>;
  /** Those that wait or say that they are executed, the oldest first. */
  active(): Promise<RunRecord[]>;
  /** Events after `sequence`, in order, at most `limit`. */
  eventsAfter(runId: string, sequence: number, limit: number): Promise<StoredEvent[]>;
  /** @param detail a line for a person */
  setState(runId: string, state: RunState, detail?: string): Promise<RunRecord>;
  /** Makes it wait for its turn, with a new grant and other rollout servers where they are given. */
  queue(runId: string, grant?: Grant, servers?: readonly string[]): Promise<RunRecord>;
}

/** What someone who executes a run is asked, and is to tell. */
export interface RunHooks {
  /** Whether the run shall end after its current step. */
  stopRequested(): boolean;
  /** Something was stored that watchers may be waiting for. */
  changed(): void;
}

/** What executes runs, with everything that they need. */
export interface RunDriver {
  /** Looks for what the settings name. @throws AzrError when it is not there */
  check(spec: RunSpec): void;
  /**
   * Goes on with a run until it rests.
   * @param budget steps that are left, and seconds of which `run.spentSeconds` are spent
   */
  drive(run: Run, budget: RunBudget, hooks: RunHooks): Promise<unknown>;
}
