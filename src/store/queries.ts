import { AzrError } from '../domain/errors';
import { queryFailure, type Database } from './database';

/** One statement, or several that need not be of one moment; failures name the database. */
export const read = <T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> => named(work(db));

/** One transaction; failures name the database. */
export const write = <T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> =>
  named(db.transaction().execute(work));

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof AzrError ? error : queryFailure(error);
  }
}
