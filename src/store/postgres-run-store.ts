import type { TrainBatch } from '../domain/batch/train-batch';
import { TaskBuffer } from '../domain/curriculum/task-buffer';
import { AzrError } from '../domain/errors';
import type { Episode, Rollout, TaskSample } from '../selfplay/episode';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { Checkpoint, Run, RunState, RunStore } from '../selfplay/ports';
import type { StepRecord } from '../selfplay/step-record';
import { queryFailure, type Database } from './database';
import { batchesFrom, deleteBatchesBefore, insertBatch } from './tables/batches';
import { checkpointsOf, deleteCheckpoint, insertCheckpoint } from './tables/checkpoints';
import { insertEpisodes, sampleTasks } from './tables/episodes';
import { findEvaluation, insertEvaluation } from './tables/evaluations';
import { deleteRollouts, insertRollout, rolloutsOf } from './tables/rollouts';
import { findRun, insertRun, latestRun, raiseLease, updateRun } from './tables/runs';
import { openStep, saveStep, setStepState } from './tables/steps';
import { applyChange, insertTasks, tasksAt } from './tables/tasks';

/** Runs in PostgreSQL. Every method is one transaction. */
export class PostgresRunStore implements RunStore {
  constructor(private readonly db: Database) {}

  latest(): Promise<Run | undefined> {
    return this.read((db) => latestRun(db));
  }

  create(run: Run, buffer: TaskBuffer): Promise<void> {
    return this.write(async (db) => {
      await insertRun(db, run);
      await insertTasks(db, run.id, buffer.tasks);
    });
  }

  acquireLease(runId: string): Promise<number> {
    return this.write((db) => raiseLease(db, runId));
  }

  setState(runId: string, state: RunState, spentSeconds: number): Promise<void> {
    return this.write((db) => updateRun(db, runId, { state, spent_seconds: spentSeconds }));
  }

  loadBuffer(runId: string): Promise<TaskBuffer> {
    return this.read(async (db) => {
      const { step, spec } = await findRun(db, runId);
      return new TaskBuffer(step, await tasksAt(db, runId, step), spec.curriculum.capacity);
    });
  }

  openStep(runId: string): Promise<StepRecord | undefined> {
    return this.read((db) => openStep(db, runId));
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

  commit(runId: string, record: StepRecord, spentSeconds: number): Promise<void> {
    return this.write(async (db) => {
      const { step } = record.plan;
      await saveStep(db, runId, record);
      await applyChange(db, runId, step, record.change!);
      await updateRun(db, runId, { step, state: 'running', spent_seconds: spentSeconds });
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
      const all = await checkpointsOf(db, runId);
      const dropped = all.slice(keep);
      for (const { policyVersion } of dropped) await deleteCheckpoint(db, runId, policyVersion);
      await deleteBatchesBefore(db, runId, all[Math.min(keep, all.length) - 1]!.policyVersion);
      return { dropped };
    });
  }

  saveEvaluation(runId: string, result: EvaluationResult): Promise<void> {
    return this.write((db) => insertEvaluation(db, runId, result));
  }

  loadEvaluation(runId: string, policyVersion: number): Promise<EvaluationResult | undefined> {
    return this.read((db) => findEvaluation(db, runId, policyVersion));
  }

  sampleTasks(runId: string, count: number): Promise<TaskSample[]> {
    return this.read((db) => sampleTasks(db, runId, count));
  }

  private read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return named(work(this.db));
  }

  private write<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return named(this.db.transaction().execute(work));
  }
}

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof AzrError ? error : queryFailure(error);
  }
}
