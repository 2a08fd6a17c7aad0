import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';
import { openHome, postgresFolder, type Home } from '../embedded/home';
import { startPostgres } from '../embedded/postgres';
import { openDatabase } from '../store/database';
import { PostgresReportSource } from '../store/postgres-report-source';
import { PostgresRunCatalog } from '../store/postgres-run-catalog';
import { PostgresRunStore } from '../store/postgres-run-store';
import { openLog, type Logger } from '../telemetry/logger';
import { Closers } from './closers';
import { StopSignals } from './stop-signals';

/** The runs of a home, and what their steps left. */
export interface OpenedStore {
  runs: PostgresRunCatalog;
  store: PostgresRunStore;
  /** Reads what reports are made of. */
  reported: PostgresReportSource;
  home: Home;
}

/**
 * Does some work on the runs that a home holds, with nothing but its database started. Whatever comes of it, database
 * and home are closed again, also when someone asks to stop.
 * @throws AzrError when there is no database in the home, or another process uses it
 */
export async function withStore<T>(folder: string, work: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const path = resolve(folder);
  if (!isThere(postgresFolder(path))) {
    throw new AzrError('not_found', `home ${path} holds no runs; name with --home the one that they were trained in`);
  }
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  let log: Logger | undefined;
  try {
    const home = closers.add(await openHome(path), (opened) => opened.close());
    log = openLog(home.logs);
    return await Promise.race([signals.interrupted, openAndWork(home, closers, work)]);
  } finally {
    await closers.closeAll((error) => log?.error(messageOf(error)));
    signals.close();
  }
}

/** @throws AzrError where that cannot be known */
function isThere(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new AzrError('invalid', `${folder} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function openAndWork<T>(home: Home, closers: Closers, work: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const { connection } = await startPostgres(home);
  const database = closers.add(await openDatabase({ ...connection }), (opened) => opened.destroy());
  return work({
    runs: new PostgresRunCatalog(database),
    store: new PostgresRunStore(database),
    reported: new PostgresReportSource(database),
    home,
  });
}
