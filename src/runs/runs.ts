import type { RunSpec } from '../config/run-spec';
import { AzrError } from '../domain/errors';
import { Bell } from './bell';
import type { Grant, PageRequest, RunCatalog, RunDriver, RunPage, RunRecord } from './ports';
import { RunQueue, type RunQueueParts } from './run-queue';
import { isResting, runOf } from './run-record';
import { watchRun, type WatchItem } from './watch-run';

export interface RunRequest {
  spec: RunSpec;
  budget: Grant;
  /** A repeat gives the first run. */
  requestId?: string;
}

export interface RunsParts extends Omit<RunQueueParts, 'bell'> {
  newId(): string;
}

/** What can be done with runs. */
export class Runs {
  private readonly catalog: RunCatalog;
  private readonly driver: RunDriver;
  private readonly newId: () => string;
  private readonly queue: RunQueue;
  private readonly bell = new Bell();
  private commands: Promise<unknown> = Promise.resolve();

  constructor({ newId, ...parts }: RunsParts) {
    this.catalog = parts.catalog;
    this.driver = parts.driver;
    this.newId = newId;
    this.queue = new RunQueue({ ...parts, bell: this.bell });
  }

  /** @throws AzrError when what the settings name is not there, or the request id is that of another run */
  create({ spec, budget, requestId }: RunRequest): Promise<RunRecord> {
    return this.inTurn(async () => {
      this.driver.check(spec);
      const wanted = { id: this.newId(), spec, budget };
      const run = await this.catalog.create({ ...wanted, ...(requestId !== undefined && { requestId }) });
      if (run.state === 'pending' && !this.queue.holds(run.id)) this.queue.enqueue(run.id);
      return run;
    });
  }

  /** @throws AzrError `not_found` */
  get(runId: string): Promise<RunRecord> {
    return this.catalog.get(runId);
  }

  latest(): Promise<RunRecord | undefined> {
    return this.catalog.latest();
  }

  list(page: PageRequest): Promise<RunPage> {
    return this.catalog.list(page);
  }

  /** See `watchRun`. */
  watch(runId: string, after: number, signal?: AbortSignal): AsyncGenerator<WatchItem, void, undefined> {
    // A run that stopped only because this process ends does not rest: the next one takes it up.
    const mayEnd = (): boolean => !this.queue.isDraining;
    return watchRun({ catalog: this.catalog, bell: this.bell, mayEnd }, runId, after, signal);
  }

  /**
   * Queues a run that rests. One that waits or is executed stays as it is.
   * @param grant what it may spend from now on; without one it goes on with what is left
   * @param servers that its policy answers from from now on; without them those of before
   * @throws AzrError `not_found`; `conflict` when nothing is left, it is just stopping, or an earlier version of the
   * program made it
   */
  resume(runId: string, grant?: Grant, servers?: readonly string[]): Promise<RunRecord> {
    return this.inTurn(async () => {
      const run = await this.get(runId);
      // A run may rest while its parts are still being stopped: it is resumed like any other.
      if (!isResting(run.state) && this.queue.holds(runId)) return this.unlessStopping(run);
      const { spec } = runOf(run);
      this.driver.check(spec);
      if (spec.steps > 0 && run.step >= spec.steps) {
        throw new AzrError(
          'conflict',
          `run ${runId} has made all of its steps (steps: ${spec.steps}); begin a new run`,
        );
      }
      if (run.state === 'finished' && grant === undefined) {
        throw new AzrError('conflict', `run ${runId} is finished; give it a budget to go on with`);
      }
      const queued = await this.catalog.queue(runId, grant, servers);
      this.queue.enqueue(runId);
      return queued;
    });
  }

  private unlessStopping(run: RunRecord): RunRecord {
    if (!this.queue.isStopping(run.id)) return run;
    throw new AzrError('conflict', `run ${run.id} is stopping; resume it when it rests`);
  }

  /** Ends a run after its current step, or at once where it waits; one that rests stays as it is. */
  stop(runId: string): Promise<RunRecord> {
    return this.inTurn(async () => {
      if (!this.queue.withdraw(runId) && this.queue.askToStop(runId)) return this.get(runId);
      const run = await this.get(runId);
      if (isResting(run.state)) return run;
      const stopped = await this.catalog.setState(runId, 'stopped');
      this.bell.ring();
      return stopped;
    });
  }

  /** Takes up the runs that an earlier process left waiting, or, before these, in the middle of something. */
  async takeUp(): Promise<void> {
    const active = await this.catalog.active();
    const begun = active.filter(({ state }) => state !== 'pending');
    const waiting = active.filter(({ state }) => state === 'pending');
    for (const { id } of [...begun, ...waiting]) this.queue.enqueue(id);
  }

  /** Begins no further run and ends the one that is executed after its current step; the next process takes it up. */
  drain(): Promise<void> {
    return this.queue.drain();
  }

  /** From here on nothing is stored: what is executed stays as it is, for the next process to take up. */
  close(): void {
    this.queue.close();
  }

  /** Commands wait for each other: what one has looked at is so until it has acted on it. */
  private inTurn<T>(command: () => Promise<T>): Promise<T> {
    const done = this.commands.then(command);
    this.commands = done.catch(() => undefined);
    return done;
  }
}
