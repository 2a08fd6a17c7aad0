import type { Insertable, Selectable, Updateable } from 'kysely';
import type { RunSpec } from '../../config/run-spec';
import type { RunState } from '../../selfplay/run';
import type { Database } from '../database';
import type { RunsTable } from '../schema';
import { appendEvents } from './events';

export type RunRow = Selectable<RunsTable>;
type RunChanges = Updateable<Pick<RunsTable, 'spec' | 'step' | 'spent_seconds' | 'budget' | 'detail' | 'jail'>>;

export async function updateRun(
  db: Database,
  runId: string,
  changes: RunChanges & { state?: RunState },
): Promise<void> {
  await db.updateTable('runs').set(changes).where('id', '=', runId).execute();
}

/** Another state, with the event that tells of it. @param detail one line for a person */
export async function changeState(
  db: Database,
  runId: string,
  state: RunState,
  detail = '',
  changes: RunChanges = {},
): Promise<void> {
  await updateRun(db, runId, { ...changes, state, detail: JSON.stringify(detail) });
  await appendEvents(db, runId, [{ kind: 'state', state, detail }]);
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

/** Where a run stands and how much its buffer holds; the other settings may be those of an earlier version. */
export async function bufferOf(db: Database, runId: string): Promise<{ step: number; capacity: number }> {
  const { step, spec } = await selectRun(db, runId).executeTakeFirstOrThrow();
  return { step, capacity: (spec as Pick<RunSpec, 'curriculum'>).curriculum.capacity };
}

export const runRow = (db: Database, runId: string): Promise<RunRow | undefined> =>
  selectRun(db, runId).executeTakeFirst();

const selectRun = (db: Database, runId: string) => db.selectFrom('runs').selectAll().where('id', '=', runId);

export const rowOfRequest = (db: Database, requestId: string): Promise<RunRow> =>
  db.selectFrom('runs').selectAll().where('request_id', '=', requestId).executeTakeFirstOrThrow();

/** @returns whether it was inserted; not where its request id is taken */
export async function insertRun(db: Database, row: Insertable<RunsTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('runs')
    .values(row)
    .onConflict((conflict) => conflict.column('request_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Newest first, at most `limit`, from the one that was made before the run `after` on. */
export function newestRuns(db: Database, limit: number, after?: string): Promise<RunRow[]> {
  const newest = db.selectFrom('runs').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (after === undefined) return newest.execute();
  // Its row says when it was made, to the microsecond, which a Date cannot.
  const last = db.selectFrom('runs').select(['created_at', 'id']).where('id', '=', after);
  return newest
    .where(({ eb, refTuple }) => eb(refTuple('created_at', 'id'), '<', last.$asTuple('created_at', 'id')))
    .execute();
}

/** Oldest first. */
export const rowsInState = (db: Database, states: readonly RunState[]): Promise<RunRow[]> =>
  db.selectFrom('runs').selectAll().where('state', 'in', states).orderBy('created_at').orderBy('id').execute();
