import type { AlarmName } from '../domain/health/collapse';
import type { RunSpec } from '../config/run-spec';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { TrainBatch } from '../domain/batch/train-batch';
import type { Alarm } from '../domain/health/collapse';
import type { HealthMonitor } from './health-monitor';
import type { PolicyTrainer, RolloutPool, RunObserver, RunStore, UpdateMetrics } from './ports';
import type { StepPlayer } from './step-player';
import type { RunEvent } from './run-event';
import { storedLedger } from './stored-ledger';
import { healthSample } from './step-outcome';
import type { StepRecord } from './step-record';
import { resultOf } from './step-result';
import { Stopwatch, type Clock } from './stopwatch';

export interface StepParts {
  store: RunStore;
  pool: RolloutPool;
  trainer: PolicyTrainer;
  player: StepPlayer;
  observer: RunObserver;
  clock: Clock;
}

/** A step that was made. */
export interface CommittedStep {
  record: StepRecord;
  /** The buffer after it. */
  buffer: TaskBuffer;
  /** What collapsed with it. */
  alarms: Alarm[];
}

/** Takes a step from the state that it is in to `committed`; each state is stored before the next begins. */
export class StepRunner {
  constructor(
    private readonly runId: string,
    private readonly spec: RunSpec,
    private readonly monitor: HealthMonitor,
    private readonly parts: StepParts,
  ) {}

  async run(open: StepRecord, buffer: TaskBuffer, spentSeconds: () => number): Promise<CommittedStep> {
    const watch = new Stopwatch(this.parts.clock);
    let record = open;
    this.parts.observer.stepStarted(record.plan.step);
    if (record.state === 'planned' || record.state === 'rolled_out')
      record = await this.generate(record, buffer, watch);
    if (record.state === 'batch_persisted') record = await this.update(record, watch);
    if (record.state === 'applied') record = await this.publish(record, watch);
    return this.commit(record, buffer, watch, spentSeconds);
  }

  /** planned → rolled_out → batch_persisted */
  private async generate(record: StepRecord, buffer: TaskBuffer, watch: Stopwatch): Promise<StepRecord> {
    const { store } = this.parts;
    const { plan } = record;
    const ledger = await storedLedger(this.runId, plan.step, store, this.parts.observer);
    const played = await watch.time('rollout', () => this.parts.player.play(plan, buffer, ledger));
    return watch.time('store', async () => {
      await store.saveRolledOut(this.runId, plan.step);
      const { outcome, change, batch, episodes } = resultOf(this.runId, plan, played, buffer, this.spec);
      const persisted: StepRecord = { plan, state: 'batch_persisted', outcome, change };
      await store.saveBatch(this.runId, persisted, batch, episodes);
      return persisted;
    });
  }

  /** batch_persisted → applied */
  private async update(record: StepRecord, watch: Stopwatch): Promise<StepRecord> {
    const { store, trainer } = this.parts;
    const batch = await watch.time('store', () => this.storedBatch(record.plan.policyVersion));
    const update = await watch.time('update', () => trainer.train(batch));
    if (update.skippedSteps > 0) this.parts.observer.note(skippedNote(record.plan.step, update));
    const applied: StepRecord = { ...record, state: 'applied', update };
    await watch.time('store', () => store.saveApplied(this.runId, applied));
    return applied;
  }

  /** applied → published */
  private async publish(record: StepRecord, watch: Stopwatch): Promise<StepRecord> {
    const { store, trainer, pool } = this.parts;
    const version = record.plan.policyVersion + 1;
    await watch.time('publish', () => trainer.publish(version, pool.servers));
    pool.useVersion(version);
    await watch.time('store', () => store.savePublished(this.runId, record.plan.step));
    return { ...record, state: 'published' };
  }

  /** published → committed */
  private async commit(
    record: StepRecord,
    buffer: TaskBuffer,
    watch: Stopwatch,
    spentSeconds: () => number,
  ): Promise<CommittedStep> {
    const { store, observer } = this.parts;
    const { step } = record.plan;
    const next = buffer.apply(step, record.change!);
    const outcome = { ...record.outcome!, seconds: { ...watch.seconds } };
    const committed: StepRecord = { ...record, outcome, state: 'committed' };
    const alarms = this.monitor.observe(healthSample(outcome, record.update!));
    const events = [stepEvent(committed, next), ...alarms.map(({ name, message }) => alarmEvent(step, name, message))];
    await watch.time('store', () => store.commit(this.runId, committed, spentSeconds(), events));
    const timed = { ...committed, outcome: { ...outcome, seconds: watch.seconds } };
    observer.stepCommitted(timed, next);
    for (const { name, message } of alarms) observer.alarm(name, message);
    return { record: timed, buffer: next, alarms };
  }

  /** What is sent is what was stored, so that a replay sends the same. */
  private async storedBatch(policyVersion: number): Promise<TrainBatch> {
    for await (const batch of this.parts.store.batchesFrom(this.runId, policyVersion)) return batch;
    throw new Error(`the batch of policy version ${policyVersion} is not in the store`);
  }
}

const skippedNote = (step: number, { optimizerSteps, skippedSteps }: UpdateMetrics): string =>
  `step ${step}: ${skippedSteps} of ${optimizerSteps + skippedSteps} optimizer steps were skipped, ` +
  'their loss or gradient was not finite';

const stepEvent = ({ plan, outcome, update }: StepRecord, buffer: TaskBuffer): RunEvent => ({
  ...{ kind: 'step', step: plan.step, outcome: outcome!, update: update!, bufferSize: buffer.tasks.length },
});

const alarmEvent = (step: number, alarm: AlarmName, message: string): RunEvent => ({
  ...{ kind: 'alarm', step, alarm, message },
});
