import { sql, type Kysely } from 'kysely';

/** Runs, their steps and what the steps leave behind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (col) => col.primaryKey())
    .addColumn('spec', 'jsonb', (col) => col.notNull())
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('step', 'integer', (col) => col.notNull())
    .addColumn('lease_epoch', 'integer', (col) => col.notNull())
    .addColumn('spent_seconds', 'double precision', (col) => col.notNull())
    .addColumn('created_at', 'timestamptz', (col) => col.notNull().defaultTo(sql`now()`))
    .execute();

  await ofRun(db, 'steps')
    .addColumn('step', 'integer', (col) => col.notNull())
    .addColumn('state', 'text', (col) => col.notNull())
    .addColumn('plan', 'jsonb', (col) => col.notNull())
    .addColumn('outcome', 'jsonb')
    .addColumn('change', 'json')
    .addColumn('update', 'jsonb')
    .addColumn('started_at', 'timestamptz', (col) => col.notNull().defaultTo(sql`now()`))
    .addColumn('committed_at', 'timestamptz')
    .addPrimaryKeyConstraint('steps_pkey', ['run_id', 'step'])
    .execute();

  await ofRun(db, 'rollouts')
    .addColumn('step', 'integer', (col) => col.notNull())
    .addColumn('key', 'text', (col) => col.notNull())
    .addColumn('rollout', 'json', (col) => col.notNull())
    .addPrimaryKeyConstraint('rollouts_pkey', ['run_id', 'step', 'key'])
    .execute();

  await ofRun(db, 'episodes')
    .addColumn('step', 'integer', (col) => col.notNull())
    .addColumn('key', 'text', (col) => col.notNull())
    .addColumn('role', 'text', (col) => col.notNull())
    .addColumn('type', 'text', (col) => col.notNull())
    .addColumn('task_id', 'text')
    .addColumn('outcome', 'text', (col) => col.notNull())
    .addColumn('reason', 'text')
    .addColumn('detail', 'json')
    .addColumn('solve_rate', 'double precision')
    .addColumn('reward', 'double precision', (col) => col.notNull())
    .addColumn('advantage', 'double precision', (col) => col.notNull())
    .addColumn('response_tokens', 'integer', (col) => col.notNull())
    .addColumn('policy_version', 'integer', (col) => col.notNull())
    .addColumn('texts', 'json', (col) => col.notNull())
    .addPrimaryKeyConstraint('episodes_pkey', ['run_id', 'step', 'key'])
    .execute();

  await ofRun(db, 'batches')
    .addColumn('policy_version', 'integer', (col) => col.notNull())
    .addColumn('batch_id', 'text', (col) => col.notNull())
    .addColumn('loss', 'jsonb', (col) => col.notNull())
    .addColumn('optimizer', 'jsonb', (col) => col.notNull())
    .addColumn('prompt_lengths', 'bytea', (col) => col.notNull())
    .addColumn('response_lengths', 'bytea', (col) => col.notNull())
    .addColumn('token_ids', 'bytea', (col) => col.notNull())
    .addColumn('rollout_logprobs', 'bytea', (col) => col.notNull())
    .addColumn('advantages', 'bytea', (col) => col.notNull())
    .addColumn('loss_weights', 'bytea', (col) => col.notNull())
    .addColumn('temperatures', 'bytea', (col) => col.notNull())
    .addColumn('policy_versions', 'bytea', (col) => col.notNull())
    .addPrimaryKeyConstraint('batches_pkey', ['run_id', 'policy_version'])
    .execute();

  await ofRun(db, 'tasks')
    .addColumn('id', 'text', (col) => col.notNull())
    .addColumn('position', 'bigserial', (col) => col.notNull())
    .addColumn('type', 'text', (col) => col.notNull())
    .addColumn('program', 'text', (col) => col.notNull())
    .addColumn('input', 'text', (col) => col.notNull())
    .addColumn('output', 'text', (col) => col.notNull())
    .addColumn('admitted_step', 'integer', (col) => col.notNull())
    .addColumn('evicted_step', 'integer')
    .addPrimaryKeyConstraint('tasks_pkey', ['run_id', 'id', 'admitted_step'])
    .execute();

  await ofRun(db, 'checkpoints')
    .addColumn('policy_version', 'integer', (col) => col.notNull())
    .addColumn('dir', 'text', (col) => col.notNull())
    .addColumn('saved_at', 'timestamptz', (col) => col.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('checkpoints_pkey', ['run_id', 'policy_version'])
    .execute();

  await ofRun(db, 'evaluations')
    .addColumn('policy_version', 'integer', (col) => col.notNull())
    .addColumn('result', 'jsonb', (col) => col.notNull())
    .addPrimaryKeyConstraint('evaluations_pkey', ['run_id', 'policy_version'])
    .execute();
}

/** A table whose rows belong to a run and go with it. */
const ofRun = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn('run_id', 'text', (col) => col.notNull().references('runs.id').onDelete('cascade'));
