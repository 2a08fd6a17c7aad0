import type { PolicyTrainer, RolloutPool, Run, RunObserver, RunStore } from './ports';

/**
 * Rebuilds the policy of a run: the newest checkpoint (or the policy that the run started from), then every stored
 * batch since, under its own id; then the servers are made to answer from it. No rollout is made again.
 * @param initialPolicy Hugging Face folder of version 0
 * @returns the version that trainer and servers hold
 */
export async function restorePolicy(
  run: Run,
  initialPolicy: string,
  parts: { store: RunStore; trainer: PolicyTrainer; pool: RolloutPool; observer: RunObserver },
): Promise<number> {
  const { store, trainer, pool, observer } = parts;
  const checkpoint = await store.latestCheckpoint(run.id);
  const source = checkpoint ? { checkpointDir: checkpoint.dir } : { policyDir: initialPolicy };
  let version = checkpoint?.policyVersion ?? 0;
  const epoch = await store.acquireLease(run.id);
  await trainer.load(run.id, epoch, source, version, run.spec.seed);
  for await (const batch of store.batchesFrom(run.id, version)) {
    observer.note(`replaying batch ${batch.id}`);
    await trainer.train(batch);
    version = batch.policyVersion + 1;
  }
  await trainer.publish(version, pool.servers);
  pool.useVersion(version);
  return version;
}
