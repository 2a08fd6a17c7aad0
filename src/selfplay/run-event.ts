import type { AlarmName } from '../domain/health/collapse';
import type { EvaluationResult } from './evaluation-result';
import type { RunState } from './run';
import type { StepOutcome } from './step-record';
import type { UpdateMetrics } from './ports';

/** What happened to a run, in the order in which it did; stored with the change that it tells of. */
export type RunEvent =
  | { kind: 'state'; state: RunState; detail: string }
  | { kind: 'step'; step: number; outcome: StepOutcome; update: UpdateMetrics; bufferSize: number }
  | { kind: 'evaluation'; step: number; result: EvaluationResult }
  | { kind: 'checkpoint'; step: number; dir: string }
  | { kind: 'alarm'; step: number; alarm: AlarmName; message: string }
  | { kind: 'note'; message: string };

/** An event as it is stored: `sequence` rises by one within a run, from 1. */
export interface StoredEvent {
  sequence: number;
  /** Milliseconds since 1970, UTC. */
  at: number;
  event: RunEvent;
}
