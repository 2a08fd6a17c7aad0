import type { Selectable } from 'kysely';
import { validateSpec } from '../../config/resolve-spec';
import type { Run, RunState } from '../../selfplay/ports';
import type { Database } from '../database';
import type { RunsTable } from '../schema';

export async function latestRun(db: Database): Promise<Run | undefined> {
  const row = await db.selectFrom('runs').selectAll().orderBy('created_at', 'desc').limit(1).executeTakeFirst();
  return row && fromRow(row);
}

export async function insertRun(db: Database, run: Run): Promise<void> {
  const { id, spec, state, step, spentSeconds } = run;
  await db
    .insertInto('runs')
    .values({ id, spec: JSON.stringify(spec), state, step, lease_epoch: 0, spent_seconds: spentSeconds })
    .execute();
}

export async function raiseLease(db: Database, runId: string): Promise<number> {
  const { lease_epoch } = await db
    .updateTable('runs')
    .set((row) => ({ lease_epoch: row('lease_epoch', '+', 1) }))
    .where('id', '=', runId)
    .returning('lease_epoch')
    .executeTakeFirstOrThrow();
  return lease_epoch;
}

export async function updateRun(
  db: Database,
  runId: string,
  changes: Partial<Pick<RunsTable, 'state' | 'step' | 'spent_seconds'>>,
): Promise<void> {
  await db.updateTable('runs').set(changes).where('id', '=', runId).execute();
}

export const findRun = async (db: Database, runId: string): Promise<Run> =>
  fromRow(await db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow());

const fromRow = ({ id, spec, state, step, spent_seconds }: Selectable<RunsTable>): Run => ({
  id,
  spec: validateSpec(spec as Record<string, unknown>),
  state: state as RunState,
  step,
  spentSeconds: spent_seconds,
});
