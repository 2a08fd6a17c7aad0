import { sql, type Kysely } from 'kysely';

/** Tasks of every type, runs that are asked for by name, and what happened to them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tasks').addColumn('task', 'json').addColumn('solve_rate', 'double precision').execute();
  await sql`update tasks set task = json_build_object(
    'id', id, 'type', type, 'program', program, 'input', input, 'output', output)`.execute(db);
  await db.schema
    .alterTable('tasks')
    .alterColumn('task', (col) => col.setNotNull())
    .dropColumn('program')
    .dropColumn('input')
    .dropColumn('output')
    .execute();

  await db.schema
    .createTable('task_uses')
    .addColumn('run_id', 'text', (col) => col.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('id', 'text', (col) => col.notNull())
    .addColumn('step', 'integer', (col) => col.notNull())
    .addColumn('uses', 'integer', (col) => col.notNull())
    .addPrimaryKeyConstraint('task_uses_pkey', ['run_id', 'id', 'step'])
    .execute();

  await db.schema
    .alterTable('episodes')
    .addColumn('purpose', 'text', (col) => col.notNull().defaultTo('estimate'))
    .addColumn('trained', 'boolean', (col) => col.notNull().defaultTo(true))
    .execute();
  await sql`update episodes set purpose = 'propose' where role = 'proposer'`.execute(db);
  await sql`update episodes set key = 'estimate' || substr(key, 6) where key like 'solve/%'`.execute(db);

  await db.schema
    .alterTable('runs')
    .addColumn('request_id', 'text', (col) => col.unique())
    .addColumn('detail', 'json')
    .addColumn('budget', 'jsonb', (col) => col.notNull().defaultTo('{}'))
    .addColumn('last_sequence', 'bigint', (col) => col.notNull().defaultTo(0))
    .execute();

  await db.schema
    .createTable('events')
    .addColumn('run_id', 'text', (col) => col.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('sequence', 'bigint', (col) => col.notNull())
    .addColumn('at', 'timestamptz', (col) => col.notNull().defaultTo(sql`now()`))
    .addColumn('event', 'json', (col) => col.notNull())
    .addPrimaryKeyConstraint('events_pkey', ['run_id', 'sequence'])
    .execute();
}
