import type { Checkpoint } from '../../selfplay/ports';
import type { Database } from '../database';

export async function insertCheckpoint(db: Database, runId: string, { policyVersion, dir }: Checkpoint): Promise<void> {
  await db
    .insertInto('checkpoints')
    .values({ run_id: runId, policy_version: policyVersion, dir })
    .onConflict((conflict) => conflict.columns(['run_id', 'policy_version']).doUpdateSet({ dir }))
    .execute();
}

/** Newest first. */
export async function checkpointsOf(db: Database, runId: string): Promise<Checkpoint[]> {
  const rows = await db
    .selectFrom('checkpoints')
    .select(['policy_version', 'dir'])
    .where('run_id', '=', runId)
    .orderBy('policy_version', 'desc')
    .execute();
  return rows.map(({ policy_version, dir }) => ({ policyVersion: policy_version, dir }));
}

export async function deleteCheckpoint(db: Database, runId: string, policyVersion: number): Promise<void> {
  await db.deleteFrom('checkpoints').where('run_id', '=', runId).where('policy_version', '=', policyVersion).execute();
}
