import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import type { ChildDied } from './child-died';
import type { Home } from './home';
import { postgresBinaries, type PostgresBinaries } from './installation';
import { launchCommand, type LaunchOptions, type NotRoot } from './launch-command';
import type { OwnedChild, ReadinessProbe } from './owned-child';
import { preparePostgresFolder, SUPERUSER } from './postgres-folder';

/** Long enough to recover after a crash, and for the one before it to end. */
const READY_MS = 60_000;
const POLL_MS = 25;
/** For each of the two kinds of shutdown. */
const GRACE_MS = 10_000;
/** Immediate shutdown: gone at once, and what was committed is in its log. A fast one would wait for a checkpoint. */
const DEATH_SIGNAL = 'SIGQUIT';
/** Part of the socket's name; nothing listens on the network. */
const PORT = 5432;
/** Both the role that the control plane is and the database that it uses. */
const NAME = 'azr';

const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  max_connections: '50',
  logging_collector: 'off',
};

export interface DatabaseConnection {
  /** Folder of the socket. */
  host: string;
  port: number;
  user: string;
  database: string;
}

/** A PostgreSQL of our own, in the home's folder, reached through a socket that this user alone can reach. */
export class EmbeddedPostgres {
  readonly connection: DatabaseConnection;

  constructor(
    private readonly child: OwnedChild,
    private readonly sockets: string,
  ) {
    this.connection = { host: sockets, port: PORT, user: NAME, database: NAME };
  }

  /** Calls `callback` if it ends without having been asked to. */
  onDeath(callback: (death: ChildDied) => void): void {
    this.child.onDeath(callback);
  }

  stop(): Promise<void> {
    return this.child.stop(GRACE_MS);
  }

  /** Waits until it answers, and makes role and database where they are missing. */
  async open(): Promise<void> {
    await this.child.ready(READY_MS, this.answers);
    await this.createDatabase();
  }

  private readonly answers: ReadinessProbe<object> = async (signal) => {
    for (;;) {
      try {
        return await this.asSuperuser((client) => client.query('select 1'));
      } catch {
        await delay(POLL_MS, undefined, { signal });
      }
    }
  };

  private async createDatabase(): Promise<void> {
    await this.asSuperuser(async (client) => {
      const roles = await client.query('select from pg_roles where rolname = $1', [NAME]);
      if (roles.rowCount === 0) await client.query(`create role ${NAME} login`);
      const databases = await client.query('select from pg_database where datname = $1', [NAME]);
      if (databases.rowCount === 0) await client.query(`create database ${NAME} owner ${NAME}`);
    });
  }

  private async asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const config: ClientConfig = { host: this.sockets, port: PORT, user: SUPERUSER, database: 'postgres' };
    const client = new Client({ ...config, connectionTimeoutMillis: 5_000, statement_timeout: 30_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

/**
 * Starts it, making the data folder where it is missing.
 * @throws AzrError naming the data folder, when that cannot be opened; PartUnavailable
 */
export async function startPostgres(home: Home, notRoot: NotRoot = 'auto'): Promise<EmbeddedPostgres> {
  const binaries = postgresBinaries();
  const lock = `${home.postgres}.lock`;
  const launch: LaunchOptions = { deathSignal: DEATH_SIGNAL, notRoot, owns: home.postgres, lock };
  await preparePostgresFolder(home, binaries, launch);
  const sockets = join(home.sockets, 'db');
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  const postgres = new EmbeddedPostgres(spawnPostgres(home, binaries, launch, sockets), sockets);
  try {
    await postgres.open();
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

function spawnPostgres(home: Home, { postgres }: PostgresBinaries, launch: LaunchOptions, sockets: string): OwnedChild {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return home.spawn({
    name: 'database',
    ...launchCommand(launch, [postgres, '-D', home.postgres, '-k', sockets, '-p', `${PORT}`, ...settings]),
    cwd: home.path,
    logFile: home.logFile('postgres'),
    // Fast shutdown, then immediate.
    stopSignals: ['SIGINT', 'SIGQUIT'],
  });
}
