import type { Kysely } from 'kysely';

/** What a run's programs were held in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('jail', 'jsonb').execute();
}
