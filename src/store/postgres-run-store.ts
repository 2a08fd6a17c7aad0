import type { TrainBatch } from '../domain/batch/train-batch';
import { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Episode, Rollout, TaskSample } from '../selfplay/episode';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { Checkpoint, RunStore } from '../selfplay/ports';
import type { Jail, RunState } from '../selfplay/run';
import type { RunEvent } from '../selfplay/run-event';
import type { StepRecord } from '../selfplay/step-record';
import type { Database } from './database';
import { read, write } from './queries';
import { batchesFrom, deleteBatchesBefore, insertBatch } from './tables/batches';
import { checkpointsOf, deleteCheckpoint, insertCheckpoint } from './tables/checkpoints';
import { insertEpisodes, sampleTasks } from './tables/episodes';
import { appendEvents } from './tables/events';
import { findEvaluation, insertEvaluation } from './tables/evaluations';
import { deleteRollouts, insertRollout, rolloutsOf } from './tables/rollouts';
import { bufferOf, changeState, raiseLease, updateRun } from './tables/runs';
import { findStep, lastSteps, openStep, saveStep, setStepState } from './tables/steps';
import { applyChange, insertTasks, tasksAt } from './tables/tasks';

/** The steps of runs in PostgreSQL. Every method is one transaction. */
export class PostgresRunStore implements RunStore {
  constructor(private readonly db: Database) {}

  acquireLease(runId: string): Promise<number> {
    return this.write((db) => raiseLease(db, runId));
  }

  setState(runId: string, state: RunState, spentSeconds: number, detail = ''): Promise<void> {
    return this.write((db) => changeState(db, runId, state, detail, { spent_seconds: spentSeconds }));
  }

  saveJail(runId: string, { tier, pythonVersion }: Jail): Promise<void> {
    return this.write((db) => updateRun(db, runId, { jail: JSON.stringify({ tier, pythonVersion }) }));
  }

  tell(runId: string, events: readonly RunEvent[]): Promise<void> {
    return this.write((db) => appendEvents(db, runId, events));
  }

  saveSeeds(runId: string, buffer: TaskBuffer): Promise<void> {
    return this.write(async (db) => {
      await insertTasks(db, runId, buffer.tasks);
      await deleteRollouts(db, runId, 0);
      await changeState(db, runId, 'running', `${buffer.tasks.length} seed tasks`);
    });
  }

  loadBuffer(runId: string, step?: number): Promise<TaskBuffer> {
    return this.read(async (db) => {
      const { step: committed, capacity } = await bufferOf(db, runId);
      const version = step ?? committed;
      return new TaskBuffer(version, await tasksAt(db, runId, version), capacity);
    });
  }

  openStep(runId: string): Promise<StepRecord | undefined> {
    return this.read((db) => openStep(db, runId));
  }

  findStep(runId: string, step: number): Promise<StepRecord | undefined> {
    return this.read((db) => findStep(db, runId, step));
  }

  lastSteps(runId: string, count: number): Promise<StepRecord[]> {
    return this.read((db) => lastSteps(db, runId, count));
  }

  savePlanned(runId: string, record: StepRecord): Promise<void> {
    return this.write((db) => saveStep(db, runId, record));
  }

  saveRollout(runId: string, step: number, rollout: Rollout): Promise<void> {
    return this.write((db) => insertRollout(db, runId, step, rollout));
  }

  loadRollouts(runId: string, step: number): Promise<Rollout[]> {
    return this.read((db) => rolloutsOf(db, runId, step));
  }

  saveRolledOut(runId: string, step: number): Promise<void> {
    return this.write((db) => setStepState(db, runId, step, 'rolled_out'));
  }

  saveBatch(runId: string, record: StepRecord, batch: TrainBatch, episodes: readonly Episode[]): Promise<void> {
    return this.write(async (db) => {
      await saveStep(db, runId, record);
      await insertBatch(db, runId, batch);
      await insertEpisodes(db, runId, record.plan.step, episodes);
      await deleteRollouts(db, runId, record.plan.step);
    });
  }

  saveApplied(runId: string, record: StepRecord): Promise<void> {
    return this.write((db) => saveStep(db, runId, record));
  }

  savePublished(runId: string, step: number): Promise<void> {
    return this.write((db) => setStepState(db, runId, step, 'published'));
  }

  commit(runId: string, record: StepRecord, spentSeconds: number, events: readonly RunEvent[]): Promise<void> {
    return this.write(async (db) => {
      const { step } = record.plan;
      await saveStep(db, runId, record);
      await applyChange(db, runId, step, record.change!);
      await updateRun(db, runId, { step, spent_seconds: spentSeconds });
      await appendEvents(db, runId, events);
    });
  }

  batchesFrom(runId: string, policyVersion: number): AsyncIterable<TrainBatch> {
    return batchesFrom(this.db, runId, policyVersion);
  }

  checkpoints(runId: string): Promise<Checkpoint[]> {
    return this.read((db) => checkpointsOf(db, runId));
  }

  saveCheckpoint(runId: string, checkpoint: Checkpoint, keep: number): Promise<{ dropped: Checkpoint[] }> {
    return this.write(async (db) => {
      await insertCheckpoint(db, runId, checkpoint);
      const { policyVersion, dir } = checkpoint;
      await appendEvents(db, runId, [{ kind: 'checkpoint', step: policyVersion, dir }]);
      const all = await checkpointsOf(db, runId);
      const dropped = all.slice(keep);
      for (const { policyVersion } of dropped) await deleteCheckpoint(db, runId, policyVersion);
      // Until there are as many as are kept, the initial policy is the spare.
      if (all.length >= keep) await deleteBatchesBefore(db, runId, all[keep - 1]!.policyVersion);
      return { dropped };
    });
  }

  saveEvaluation(runId: string, result: EvaluationResult): Promise<void> {
    return this.write(async (db) => {
      await insertEvaluation(db, runId, result);
      await appendEvents(db, runId, [{ kind: 'evaluation', step: result.policyVersion, result }]);
    });
  }

  loadEvaluation(runId: string, policyVersion: number): Promise<EvaluationResult | undefined> {
    return this.read((db) => findEvaluation(db, runId, policyVersion));
  }

  sampleTasks(runId: string): Promise<TaskSample[]> {
    return this.read((db) => sampleTasks(db, runId));
  }

  private read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return read(this.db, work);
  }

  private write<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return write(this.db, work);
  }
}
