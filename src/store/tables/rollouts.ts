import type { Rollout } from '../../selfplay/episode';
import type { Database } from '../database';

export async function insertRollout(db: Database, runId: string, step: number, rollout: Rollout): Promise<void> {
  const row = { run_id: runId, step, key: rollout.key, rollout: JSON.stringify(rollout) };
  await db.insertInto('rollouts').values(row).execute();
}

export async function rolloutsOf(db: Database, runId: string, step: number): Promise<Rollout[]> {
  const rows = db.selectFrom('rollouts').select('rollout').where('run_id', '=', runId).where('step', '=', step);
  return (await rows.execute()).map(({ rollout }) => rollout as Rollout);
}

export async function deleteRollouts(db: Database, runId: string, step: number): Promise<void> {
  await db.deleteFrom('rollouts').where('run_id', '=', runId).where('step', '=', step).execute();
}
