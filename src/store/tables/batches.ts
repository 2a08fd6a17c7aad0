import { bytesOf, type PackedSequences } from '../../domain/batch/packed-sequences';
import type { LossSettings, OptimizerSettings, TrainBatch } from '../../domain/batch/train-batch';
import type { Database } from '../database';

export async function insertBatch(db: Database, runId: string, batch: TrainBatch): Promise<void> {
  const { sequences } = batch;
  await db
    .insertInto('batches')
    .values({
      run_id: runId,
      policy_version: batch.policyVersion,
      batch_id: batch.id,
      loss: JSON.stringify(batch.loss),
      optimizer: JSON.stringify(batch.optimizer),
      prompt_lengths: bytesOf(sequences.promptLengths),
      response_lengths: bytesOf(sequences.responseLengths),
      token_ids: bytesOf(sequences.tokenIds),
      rollout_logprobs: bytesOf(sequences.rolloutLogprobs),
      advantages: bytesOf(sequences.advantages),
      loss_weights: bytesOf(sequences.lossWeights),
      temperatures: bytesOf(sequences.temperatures),
      policy_versions: bytesOf(sequences.policyVersions),
    })
    .execute();
}

/** Batches that start from `policyVersion` or later, in order, one in memory at a time. */
export async function* batchesFrom(db: Database, runId: string, policyVersion: number): AsyncGenerator<TrainBatch> {
  for (let version = policyVersion; ; version++) {
    const row = await db
      .selectFrom('batches')
      .selectAll()
      .where('run_id', '=', runId)
      .where('policy_version', '=', version)
      .executeTakeFirst();
    if (!row) return;
    const sequences: PackedSequences = {
      promptLengths: new Uint32Array(copyOf(row.prompt_lengths)),
      responseLengths: new Uint32Array(copyOf(row.response_lengths)),
      tokenIds: new Int32Array(copyOf(row.token_ids)),
      rolloutLogprobs: new Float32Array(copyOf(row.rollout_logprobs)),
      advantages: new Float32Array(copyOf(row.advantages)),
      lossWeights: new Float32Array(copyOf(row.loss_weights)),
      temperatures: new Float32Array(copyOf(row.temperatures)),
      policyVersions: new Uint32Array(copyOf(row.policy_versions)),
    };
    yield {
      id: row.batch_id,
      policyVersion: row.policy_version,
      sequences,
      loss: row.loss as LossSettings,
      optimizer: row.optimizer as OptimizerSettings,
    };
  }
}

export async function deleteBatchesBefore(db: Database, runId: string, policyVersion: number): Promise<void> {
  await db.deleteFrom('batches').where('run_id', '=', runId).where('policy_version', '<', policyVersion).execute();
}

/** The driver's buffers may start anywhere; typed arrays need an aligned start. */
const copyOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
