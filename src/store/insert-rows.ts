import type { Insertable } from 'kysely';
import type { Database } from './database';
import type { Schema } from './schema';

/** Rows of one insert: well below the protocol's 65,535 parameters. */
const ROWS = 2_000;

/** Inserts any number of rows, in order. */
export async function insertRows<T extends keyof Schema>(
  db: Database,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS) {
    await db
      .insertInto(table)
      .values(rows.slice(i, i + ROWS))
      .execute();
  }
}
