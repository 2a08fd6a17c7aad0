import { messageOf } from '../domain/errors';
import type { Bell } from './bell';
import type { RunCatalog, RunDriver } from './ports';
import { isResting, leftOf, runOf } from './run-record';

export interface RunQueueParts {
  catalog: RunCatalog;
  driver: RunDriver;
  /** Hears of what ended a run, or kept its end from being stored. */
  report(error: unknown): void;
  /** Rings when something may have been stored. */
  bell: Bell;
}

/**
 * The runs that are to be executed: one at a time, for there is one trainer, of one policy; the others wait in
 * the order in which they came.
 */
export class RunQueue {
  private readonly waiting: string[] = [];
  private current: { id: string; stopAsked: boolean } | undefined;
  private working: Promise<void> = Promise.resolve();
  private draining = false;
  private closed = false;

  constructor(private readonly parts: RunQueueParts) {}

  /** Whether no further run is begun. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** Whether the run waits or is executed. */
  holds(runId: string): boolean {
    return this.current?.id === runId || this.waiting.includes(runId);
  }

  enqueue(runId: string): void {
    if (this.waiting.includes(runId)) return;
    this.waiting.push(runId);
    this.parts.bell.ring();
    this.working = this.working.then(() => this.executeNext());
  }

  /** Takes a run that waits out of the queue. */
  withdraw(runId: string): boolean {
    const at = this.waiting.indexOf(runId);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  /** Asks the run that is executed to end after its current step; false where it is another one. */
  askToStop(runId: string): boolean {
    if (this.current?.id !== runId) return false;
    this.current.stopAsked = true;
    return true;
  }

  /** Whether the run is executed and was asked to stop. */
  isStopping(runId: string): boolean {
    return this.current?.id === runId && this.current.stopAsked;
  }

  /** Begins no further run and ends the one that is executed after its current step. Never rejects. */
  async drain(): Promise<void> {
    this.draining = true;
    await this.working;
  }

  /** From here on nothing is stored: what is executed stays as it is. */
  close(): void {
    this.draining = true;
    this.closed = true;
  }

  /** Never rejects. */
  private async executeNext(): Promise<void> {
    const id = this.draining ? undefined : this.waiting.shift();
    if (id === undefined) return;
    const current = { id, stopAsked: false };
    this.current = current;
    try {
      await this.execute(id, () => current.stopAsked || this.draining);
      if (!this.closed) await this.settle(id, current.stopAsked);
    } catch (error) {
      if (!this.closed) await this.fail(id, error);
    } finally {
      this.current = undefined;
      this.parts.bell.ring();
    }
  }

  private async execute(id: string, stopRequested: () => boolean): Promise<void> {
    const { catalog, driver, bell } = this.parts;
    const record = await catalog.get(id);
    if (isResting(record.state)) return;
    await driver.drive(runOf(record), leftOf(record), { stopRequested, changed: () => bell.ring() });
  }

  /** An end that only this process made is none of the run's; and a run that ended before its loop has to rest. */
  private async settle(id: string, stopAsked: boolean): Promise<void> {
    const { catalog } = this.parts;
    // Someone resumed it when it had come to rest, before its parts had ended.
    if (this.waiting.includes(id)) return;
    const { state } = await catalog.get(id);
    if (this.draining && !stopAsked && (state === 'stopped' || !isResting(state))) {
      await catalog.setState(id, 'pending', 'the control plane ended; the run goes on when it starts again');
    } else if (!isResting(state)) {
      await catalog.setState(id, 'stopped');
    }
  }

  private async fail(id: string, error: unknown): Promise<void> {
    const { catalog, report } = this.parts;
    report(error);
    try {
      if (!this.waiting.includes(id)) await catalog.setState(id, 'failed', messageOf(error));
    } catch (unstored) {
      report(unstored);
    }
  }
}
