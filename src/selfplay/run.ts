import type { RunSpec } from '../config/run-spec';

/**
 * pending: stored, not begun. seeding: its first tasks are being made. running: steps are made; after a crash it still
 * says so. paused: an alarm ended it, see `health.onAlarm`. stopped: someone asked. failed: it ended with an error.
 * finished: its budget or its steps are spent. The last four rest until someone resumes them.
 */
export const RUN_STATES = ['pending', 'seeding', 'running', 'paused', 'stopped', 'failed', 'finished'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What held the programs of a run while it was executed. */
export interface Jail {
  /** 0, the strongest, to 3; see docs/executor.md. */
  tier: number;
  /** Version of the CPython that ran them. */
  pythonVersion: string;
}

/** What a call may spend on a run; without a limit a run goes on until it is stopped. */
export interface RunBudget {
  /** Further steps. */
  steps?: number;
  /** Further seconds, evaluations included. */
  seconds?: number;
}

/** A run whose settings this version accepts. */
export interface Run {
  id: string;
  spec: RunSpec;
  state: RunState;
  /** Last committed step; equal to the policy version. */
  step: number;
  /** Seconds of its present budget that are spent. */
  spentSeconds: number;
}
