import { readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AzrError } from '../domain/errors';
import type { Home } from './home';
import type { PostgresBinaries } from './installation';
import { launchCommand, type LaunchOptions } from './launch-command';

const INITDB_MS = 120_000;

/** The superuser. Only someone who can reach the socket can be it, and that is the home's owner. */
export const SUPERUSER = 'postgres';

function versionOf(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @throws AzrError when the folder is there but not one that this PostgreSQL can open */
function check(data: string, major: string): void {
  const version = versionOf(data);
  if (version === major) return;
  const what = version === undefined ? 'is not a PostgreSQL data folder' : `was made by PostgreSQL ${version}`;
  throw new AzrError(
    'conflict',
    `${data} ${what}, and the embedded PostgreSQL is ${major}; move it away, or choose another --home`,
  );
}

/** Made under another name and renamed when it is whole and on disk: an interruption leaves nothing half-made. */
async function initialise(home: Home, binaries: PostgresBinaries, launch: LaunchOptions): Promise<void> {
  const unfinished = `${home.postgres}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const child = home.spawn({
    name: 'initialisation of the database',
    ...launchCommand(launch, [
      binaries.initdb,
      '--pgdata',
      unfinished,
      '--username',
      SUPERUSER,
      '--auth-local',
      'trust',
      '--auth-host',
      'reject',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
    ]),
    cwd: home.path,
    logFile: home.logFile('postgres'),
  });
  try {
    await child.completed(INITDB_MS);
  } finally {
    await child.stop(1_000);
  }
  renameSync(unfinished, home.postgres);
}

/**
 * PostgreSQL takes any live process with the id in its lock file for itself. After a crash that id may be another
 * program's by now: then the file is removed. A PostgreSQL that still works in the folder is left alone.
 */
function dropStaleLockFile(data: string): void {
  const file = join(data, 'postmaster.pid');
  try {
    const [pid] = readFileSync(file, 'utf8').split('\n');
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    if (folder !== data) rmSync(file);
  } catch {
    // No such file, or no such process: PostgreSQL sees the latter itself.
  }
}

/**
 * Makes the home's data folder, or sees that the one that is there can be opened.
 * @throws AzrError naming the folder; ChildDied
 */
export async function preparePostgresFolder(
  home: Home,
  binaries: PostgresBinaries,
  launch: LaunchOptions,
): Promise<void> {
  if (statSync(home.postgres, { throwIfNoEntry: false })) check(home.postgres, binaries.major);
  else await initialise(home, binaries, launch);
  dropStaleLockFile(home.postgres);
}
