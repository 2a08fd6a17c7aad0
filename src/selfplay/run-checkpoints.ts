import { join } from 'node:path';
import type { Checkpoint, PolicyTrainer, RunStore } from './ports';
import type { Run } from './run';

interface CheckpointParts {
  store: Pick<RunStore, 'checkpoints' | 'saveCheckpoint'>;
  trainer: Pick<PolicyTrainer, 'saveCheckpoint'>;
  /** Removes a folder with all that is in it. */
  removeDir(dir: string): Promise<void>;
}

/**
 * The checkpoints of a run, written while the run goes on. One is under way at a time, and the store knows of it once
 * it is written.
 */
export class RunCheckpoints {
  private last: Promise<Checkpoint> | undefined;
  private failure: { error: unknown } | undefined;

  /** @param runDir folder that holds the run's checkpoints */
  constructor(
    private readonly run: Run,
    private readonly runDir: string,
    private readonly parts: CheckpointParts,
  ) {}

  /**
   * Has the trainer save the run's version, unless it is saved already; the one before is waited for.
   * @throws as the save before did
   */
  async begin(): Promise<void> {
    await this.last;
    const { store, trainer } = this.parts;
    const policyVersion = this.run.step;
    const [newest] = await store.checkpoints(this.run.id);
    if (newest?.policyVersion === policyVersion) {
      this.last = Promise.resolve(newest);
      return;
    }
    const dir = join(this.runDir, 'checkpoints', `v${String(policyVersion).padStart(6, '0')}`);
    const { written } = await trainer.saveCheckpoint(policyVersion, dir);
    this.last = written.then(() => this.record({ policyVersion, dir }));
    this.last.catch((error: unknown) => (this.failure = { error }));
  }

  /**
   * The run's version, saved and recorded.
   * @throws as its save did, or the one before
   */
  async save(): Promise<Checkpoint> {
    await this.begin();
    return this.last!;
  }

  /** @throws as the save under way did, if it has failed by now */
  check(): void {
    if (this.failure) throw this.failure.error;
  }

  /** Waits for the save under way, whatever comes of it. */
  async settle(): Promise<void> {
    await this.last?.catch(() => undefined);
  }

  private async record(checkpoint: Checkpoint): Promise<Checkpoint> {
    const { store, removeDir } = this.parts;
    const { dropped } = await store.saveCheckpoint(this.run.id, checkpoint, this.run.spec.checkpoint.keep);
    for (const old of dropped) await removeDir(old.dir);
    return checkpoint;
  }
}
