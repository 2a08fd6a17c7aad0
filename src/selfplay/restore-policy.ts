import { refersToReference } from '../domain/batch/train-batch';
import { AzrError } from '../domain/errors';
import type { PolicySource, PolicyTrainer, RolloutPool, RunObserver, RunStore } from './ports';
import type { Run } from './run';

interface RestoreParts {
  store: RunStore;
  trainer: PolicyTrainer;
  pool: RolloutPool;
  observer: RunObserver;
}

/**
 * Rebuilds the policy of a run: the newest checkpoint that loads (or the policy that the run started from), then every
 * stored batch since, under its own id; then the servers are made to answer from it. No rollout is made again.
 * @param initialPolicy Hugging Face folder of version 0
 * @returns the version that trainer and servers hold
 */
export async function restorePolicy(run: Run, initialPolicy: string, parts: RestoreParts): Promise<number> {
  const { store, trainer, pool, observer } = parts;
  let version = await loadNewest(run, initialPolicy, parts);
  for await (const batch of store.batchesFrom(run.id, version)) {
    observer.note(`replaying batch ${batch.id}`);
    await trainer.train(batch);
    version = batch.policyVersion + 1;
  }
  await trainer.publish(version, pool.servers);
  pool.useVersion(version);
  return version;
}

/** An older checkpoint serves as well, with more batches to replay: those since the oldest are kept. */
async function loadNewest(
  run: Run,
  initialPolicy: string,
  { store, trainer, observer }: RestoreParts,
): Promise<number> {
  const checkpoints = await store.checkpoints(run.id);
  const sources = checkpoints.map(({ policyVersion, dir }) => ({ policyVersion, source: { checkpointDir: dir } }));
  const initial = { policyVersion: 0, source: { policyDir: initialPolicy } };
  const isSpare = sources.length < run.spec.checkpoint.keep;
  const candidates: { policyVersion: number; source: PolicySource }[] = isSpare ? [...sources, initial] : sources;
  const reference = refersToReference(run.spec.update) ? initialPolicy : undefined;
  let failure: unknown;
  for (const { policyVersion, source } of candidates) {
    try {
      const epoch = await store.acquireLease(run.id);
      await trainer.load(run.id, epoch, source, policyVersion, run.spec.seed, reference);
      return policyVersion;
    } catch (error) {
      if (!(error instanceof AzrError) || error.kind !== 'invalid') throw error;
      failure ??= error;
      if (candidates.length > 1) observer.note(`checkpoint v${policyVersion} does not load: ${error.message}`);
    }
  }
  throw failure;
}
