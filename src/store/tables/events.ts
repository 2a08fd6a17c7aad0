import type { RunEvent, StoredEvent } from '../../selfplay/run-event';
import type { Database } from '../database';
import { insertRows } from '../insert-rows';

/** Gives each event the run's next sequence number; the run's row is locked until the transaction ends. */
export async function appendEvents(db: Database, runId: string, events: readonly RunEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { last_sequence: last } = await db
    .updateTable('runs')
    .set((row) => ({ last_sequence: row('last_sequence', '+', events.length) }))
    .where('id', '=', runId)
    .returning('last_sequence')
    .executeTakeFirstOrThrow();
  const first = last - events.length + 1;
  const rows = events.map((event, i) => ({ run_id: runId, sequence: first + i, event: JSON.stringify(event) }));
  await insertRows(db, 'events', rows);
}

/** Events after `sequence`, in order, at most `limit`. */
export async function eventsAfter(
  db: Database,
  runId: string,
  sequence: number,
  limit: number,
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['sequence', 'at', 'event'])
    .where('run_id', '=', runId)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ sequence: row.sequence, at: row.at.getTime(), event: row.event as RunEvent }));
}
