import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainBatch } from '../../src/domain/batch/train-batch';
import type { PolicySource, PolicyTrainer, RolloutServer, Saving, UpdateMetrics } from '../../src/selfplay/ports';

const METRICS: UpdateMetrics = {
  loss: 0,
  gradientNorm: 0,
  entropy: 0,
  clipFractionLow: 0,
  clipFractionHigh: 0,
  ratioMin: 1,
  ratioMax: 1,
  klUpdate: 0,
  maskedShare: 0,
  mismatchMean: 0,
  mismatchMax: 0,
  mismatchKl: 0,
  responseTokens: 0,
  totalTokens: 0,
  optimizerSteps: 1,
  skippedSteps: 0,
  seconds: 0,
  tokensPerSecond: 0,
  paddingShare: 0,
  sharedShare: 0,
  peakMemoryBytes: 0,
};

/**
 * A trainer whose weights are a hash of everything that was applied to them, in order: two runs have the same weights
 * only if they applied the same batches. It keeps the contract: a batch is applied once, a wrong version is refused.
 */
export class HashingTrainer implements PolicyTrainer {
  weights = '';
  version = 0;
  private epoch = 0;
  private lastBatch = '';
  /** What the servers answer from. */
  published = -1;
  private readonly metrics: UpdateMetrics;

  /** @param measured what its updates measure, where that matters */
  constructor(measured: Partial<UpdateMetrics> = {}) {
    this.metrics = { ...METRICS, ...measured };
  }

  load(_runId: string, epoch: number, source: PolicySource, policyVersion: number): Promise<void> {
    if (epoch <= this.epoch) throw new Error(`epoch ${epoch} after ${this.epoch}`);
    this.epoch = epoch;
    [this.weights, this.version, this.lastBatch] = ['', 0, ''];
    if ('checkpointDir' in source) {
      const state = JSON.parse(readFileSync(join(source.checkpointDir, 'state.json'), 'utf8')) as HashingTrainer;
      ({ weights: this.weights, version: this.version, lastBatch: this.lastBatch } = state as never);
    }
    this.expect(policyVersion);
    return Promise.resolve();
  }

  train(batch: TrainBatch): Promise<UpdateMetrics> {
    if (batch.id === this.lastBatch) return Promise.resolve(this.metrics);
    this.expect(batch.policyVersion);
    const hash = createHash('sha256')
      .update(this.weights)
      .update(JSON.stringify([batch.loss, batch.optimizer]));
    for (const array of Object.values(batch.sequences)) hash.update(array as Uint8Array);
    [this.weights, this.version, this.lastBatch] = [hash.digest('hex'), this.version + 1, batch.id];
    return Promise.resolve(this.metrics);
  }

  publish(policyVersion: number, _servers: readonly RolloutServer[]): Promise<void> {
    this.expect(policyVersion);
    this.published = policyVersion;
    return Promise.resolve();
  }

  saveCheckpoint(policyVersion: number, dir: string): Promise<Saving> {
    this.expect(policyVersion);
    const { weights, version, lastBatch } = this;
    const write = () => {
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'state.json'), JSON.stringify({ weights, version, lastBatch }));
    };
    return Promise.resolve({ written: new Promise<void>(setImmediate).then(write) });
  }

  exportPolicy(): Promise<void> {
    return Promise.resolve();
  }

  private expect(version: number): void {
    if (version !== this.version) throw new Error(`version ${version} is expected, the trainer holds ${this.version}`);
  }
}
