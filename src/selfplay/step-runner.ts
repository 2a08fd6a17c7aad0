import type { RunSpec } from '../config/run-spec';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { TrainBatch } from '../domain/batch/train-batch';
import { episodesOf } from './episodes';
import type { Rollout } from './episode';
import type { PolicyTrainer, RolloutPool, RunObserver, RunStore } from './ports';
import { RollOut, type RolloutLedger } from './roll-out';
import type { StepRecord } from './step-record';
import { outcomeOf, validTasks } from './step-outcome';
import { Stopwatch, type Clock } from './stopwatch';
import { trainBatchOf } from './train-batch';

export interface StepParts {
  store: RunStore;
  pool: RolloutPool;
  trainer: PolicyTrainer;
  rollOut: RollOut;
  observer: RunObserver;
  clock: Clock;
}

/** Takes a step from the state that it is in to `committed`; each state is stored before the next begins. */
export class StepRunner {
  constructor(
    private readonly runId: string,
    private readonly spec: RunSpec,
    private readonly parts: StepParts,
  ) {}

  /** @returns the buffer after the step, and the seconds of its parts */
  async run(open: StepRecord, buffer: TaskBuffer, spentSeconds: () => number): Promise<[StepRecord, TaskBuffer]> {
    const { store, observer, clock } = this.parts;
    const watch = new Stopwatch(clock);
    let record = open;
    observer.stepStarted(record.plan.step);
    if (record.state === 'planned' || record.state === 'rolled_out') record = await this.rollOut(record, buffer, watch);
    if (record.state === 'batch_persisted') record = await this.update(record, watch);
    if (record.state === 'applied') record = await this.publish(record, watch);
    const { step } = record.plan;
    const outcome = { ...record.outcome!, seconds: { ...watch.seconds } };
    const committed: StepRecord = { ...record, outcome, state: 'committed' };
    await watch.time('store', () => store.commit(this.runId, committed, spentSeconds()));
    const next = buffer.apply(step, record.change!);
    const timed = { ...committed, outcome: { ...outcome, seconds: watch.seconds } };
    observer.stepCommitted(timed, next);
    return [timed, next];
  }

  /** planned → rolled_out → batch_persisted */
  private async rollOut(record: StepRecord, buffer: TaskBuffer, watch: Stopwatch): Promise<StepRecord> {
    const { store } = this.parts;
    const { plan } = record;
    const ledger = await this.ledger(plan.step);
    const attempts = await watch.time('rollout', () => this.parts.rollOut.play(plan, buffer, ledger));
    return watch.time('store', async () => {
      await store.saveRolledOut(this.runId, plan.step);
      const episodes = episodesOf(attempts, this.spec);
      const change = buffer.plan(plan.step, validTasks(attempts));
      const batch = trainBatchOf(this.runId, plan, episodes, this.spec);
      const outcome = outcomeOf(episodes, change.admitted, batch);
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

  /** What is sent is what was stored, so that a replay sends the same. */
  private async storedBatch(policyVersion: number): Promise<TrainBatch> {
    for await (const batch of this.parts.store.batchesFrom(this.runId, policyVersion)) return batch;
    throw new Error(`the batch of policy version ${policyVersion} is not in the store`);
  }

  private async ledger(step: number): Promise<RolloutLedger> {
    const { store, observer } = this.parts;
    const landed = new Map((await store.loadRollouts(this.runId, step)).map((rollout) => [rollout.key, rollout]));
    return {
      get: (key) => landed.get(key),
      put: async (rollout) => {
        await store.saveRollout(this.runId, step, rollout);
        observer.responsesLanded(tokensOf(rollout));
      },
    };
  }
}

const tokensOf = ({ completions }: Rollout): number =>
  completions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
