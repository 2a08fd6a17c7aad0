import { accessSync, constants, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';
import { ExclusiveLock } from './exclusive-lock';
import { OwnedChild, type ChildSpec } from './owned-child';
import { makeSocketFolder } from './socket-folder';

/** How long each child is given to end by itself; Ray takes the longest. */
const GRACE_MS = 10_000;

/** Where the home at `path` keeps its database. */
export const postgresFolder = (path: string): string => join(path, 'postgres');

/**
 * The folder that everything is kept in, used by one process at a time:
 *
 *     postgres/     the database
 *     logs/         one file for each part
 *     runs/<id>/    checkpoints, exports and the report
 *     published/    weights on their way to rollout servers that someone else started
 *
 * Sockets lie elsewhere, in a folder with a short name. It owns the processes that were started in it: when it is
 * closed they are stopped, and no more are started.
 */
export class Home {
  readonly postgres: string;
  readonly logs: string;
  readonly published: string;
  private readonly runs: string;
  private readonly children: OwnedChild[] = [];
  private closing?: Promise<void>;

  constructor(
    readonly path: string,
    /** Readable by this user alone, empty at first, gone after `close`. */
    readonly sockets: string,
    private readonly lock: ExclusiveLock,
  ) {
    this.postgres = postgresFolder(path);
    this.logs = join(path, 'logs');
    this.published = join(path, 'published');
    this.runs = join(path, 'runs');
    for (const folder of [this.logs, this.runs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  runDir(runId: string): string {
    return join(this.runs, runId);
  }

  logFile(part: string): string {
    return join(this.logs, `${part}.log`);
  }

  /** @throws AzrError when the home is being closed */
  spawn(spec: ChildSpec): OwnedChild {
    if (this.closing) throw new AzrError('conflict', `the ${spec.name} was not started: home ${this.path} is closed`);
    const child = new OwnedChild(spec);
    this.children.push(child);
    return child;
  }

  /** Stops what still runs in it, last started first. Bounded. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    for (const child of [...this.children].reverse()) await child.stop(GRACE_MS);
    rmSync(this.sockets, { recursive: true, force: true });
    await this.lock.release();
  }
}

/**
 * Opens a home, making it where it is not there.
 * @throws AzrError when it cannot be written to (`invalid`) or another process uses it (`conflict`)
 */
export async function openHome(folder: string): Promise<Home> {
  const path = makeWritable(resolve(folder));
  const { dev, ino } = statSync(path);
  const lock = await ExclusiveLock.take(`azr-home-${dev}-${ino}`);
  if (!(lock instanceof ExclusiveLock)) {
    const by = lock.holder ? `process ${lock.holder.pid}, since ${lock.holder.since}` : 'another process';
    throw new AzrError('conflict', `home ${path} is in use by ${by}; stop it, or choose another one with --home`);
  }
  return new Home(path, makeSocketFolder(`${dev}-${ino}`), lock);
}

/** @returns the path without symbolic links */
function makeWritable(path: string): string {
  try {
    makeFolders(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!statSync(path).isDirectory()) throw new Error('it is a file');
    return realpathSync(path);
  } catch (error) {
    throw new AzrError(
      'invalid',
      `home ${path} must be a folder that can be written to (${messageOf(error)}); choose another one with --home`,
    );
  }
}

/** One by one: a recursive mkdir of Node never returns where the kernel answers ENOENT, as it does under /proc. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
