import { Kysely, Migrator, PostgresDialect } from 'kysely';
import { DatabaseError, Pool, types, type PoolConfig } from 'pg';
import { AzrError, messageOf, PartUnavailable } from '../domain/errors';
import * as runs from './migrations/0001-runs';
import * as wholeAlgorithm from './migrations/0002-whole-algorithm';
import * as jail from './migrations/0003-jail';
import type { Schema } from './schema';

export type Database = Kysely<Schema>;

/** int8 as a number: positions and epochs stay far below 2^53. */
types.setTypeParser(types.builtins.INT8, Number);

const MIGRATIONS = { '0001-runs': runs, '0002-whole-algorithm': wholeAlgorithm, '0003-jail': jail };
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * A database that is there and whose schema is this program's.
 * @throws PartUnavailable when it does not answer in time
 */
export async function openDatabase(connection: PoolConfig): Promise<Database> {
  const pool = new Pool({
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // The server's own bound does not help where the server is what hangs.
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    ...connection,
  });
  // An idle connection that breaks is replaced at the next query, which reports what is wrong.
  pool.on('error', () => undefined);
  const db: Database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error instanceof AzrError ? error : queryFailure(error);
  }
}

/** Numbered migrations under the migrator's advisory lock. */
async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** SQLSTATE classes that say that the server cannot serve: connection, resources, operator intervention. */
const CANNOT_SERVE = /^(08|53|57)/;

/** Any failure of a query, in words that name the part. What the server says of the query itself is our fault. */
export function queryFailure(error: unknown): AzrError {
  const options = { cause: error };
  if (error instanceof DatabaseError && !CANNOT_SERVE.test(error.code ?? '')) {
    return new AzrError('internal', `the database refused a query: ${messageOf(error)}`, options);
  }
  const said = messageOf(error) || String(error);
  return new PartUnavailable('database', `the database does not answer: ${said}`, options);
}
