import type { AlarmName } from '../../domain/health/collapse';
import type { TaskBuffer } from '../../domain/curriculum/task-buffer';
import type { RunObserver } from '../ports';
import type { RunEvent } from '../run-event';
import type { StepRecord } from '../step-record';

/** Passes everything on, and keeps notes and alarms as the events that they are. */
export class HeardObserver implements RunObserver {
  readonly events: RunEvent[] = [];

  constructor(private readonly other: RunObserver) {}

  note(message: string): void {
    this.events.push({ kind: 'note', message });
    this.other.note(message);
  }

  alarm(alarm: AlarmName, message: string): void {
    this.events.push({ kind: 'alarm', step: 0, alarm, message });
    this.other.alarm(alarm, message);
  }

  stepStarted(step: number): void {
    this.other.stepStarted(step);
  }

  responsesLanded(tokens: number): void {
    this.other.responsesLanded(tokens);
  }

  stepCommitted(record: StepRecord, buffer: TaskBuffer): void {
    this.other.stepCommitted(record, buffer);
  }

  busy(what: string): void {
    this.other.busy(what);
  }
}
