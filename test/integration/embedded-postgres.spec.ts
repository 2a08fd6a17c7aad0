import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openHome, type Home } from '../../src/embedded/home';
import type { NotRoot } from '../../src/embedded/launch-command';
import { startPostgres } from '../../src/embedded/postgres';
import { eventually, processesNaming } from '../support/processes';
import { inTemporaryHome } from '../support/temporary-home';

const BOUND_MS = 60_000;
const isRoot = process.getuid?.() === 0;
const OWNER = join(__dirname, '..', 'support', 'database-owner.cjs');

async function query(home: Home, text: string): Promise<unknown[]> {
  const client = new Client({ host: join(home.sockets, 'db'), port: 5432, user: 'azr', database: 'azr' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the database, runs `text` as the control plane's role, and stops the database. */
async function queryOnce(home: Home, text: string, notRoot?: NotRoot): Promise<unknown[]> {
  const postgres = await startPostgres(home, notRoot);
  try {
    return await query(home, text);
  } finally {
    await postgres.stop();
  }
}

describe('embedded PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azr-test-'));
  const path = join(folder, 'home');
  let home: Home;

  // A parent that only its owner may pass, as a root user's folder is. One data folder for all: making it takes long.
  beforeAll(() => chmodSync(folder, 0o700));
  beforeEach(async () => {
    home = await openHome(path);
  });
  afterEach(() => home.close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'keeps what was written, whichever way it avoids being root',
    async () => {
      await queryOnce(home, 'create table numbers as select 41 as n');
      await queryOnce(home, 'update numbers set n = n + 1', isRoot ? 'user' : 'auto');
      expect(await queryOnce(home, 'select n from numbers')).toEqual([{ n: 42 }]);
    },
    BOUND_MS,
  );

  it(
    'listens on no network and waits for the disk',
    async () => {
      const settings =
        "select name, setting from pg_settings where name in ('listen_addresses', 'fsync') order by name";
      expect(await queryOnce(home, settings)).toEqual([
        { name: 'fsync', setting: 'on' },
        { name: 'listen_addresses', setting: '' },
      ]);
    },
    BOUND_MS,
  );

  it(
    'says that it died, and starts again beside the process that has its old id',
    async () => {
      const first = await startPostgres(home);
      const death = new Promise<Error>((resolve) => first.onDeath(resolve));
      await query(home, 'create table survivors as select 7 as n');
      const file = join(home.postgres, 'postmaster.pid');
      const [pid, ...rest] = readFileSync(file, 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      expect((await death).message).toContain('the database was ended by SIGKILL');
      writeFileSync(file, [process.pid, ...rest].join('\n'));
      expect(await queryOnce(home, 'select n from survivors')).toEqual([{ n: 7 }]);
    },
    BOUND_MS,
  );

  it(
    'ends with an owner that is killed, and starts again',
    async () => {
      await home.close();
      const owner = spawn(process.execPath, [OWNER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(owner.stdout, 'data');
      expect(processesNaming(path)).not.toHaveLength(0);
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      expect(await eventually(() => processesNaming(path).length === 0, 10_000)).toBe(true);
      home = await openHome(path);
      expect(await queryOnce(home, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
    BOUND_MS,
  );
});

describe('a data folder that cannot be opened', () => {
  it.each([
    ['is not a PostgreSQL data folder', undefined],
    ['was made by PostgreSQL 16, and the embedded PostgreSQL is 18', '16\n'],
  ])('refuses a folder that %s', (reason, version) =>
    inTemporaryHome(async (home) => {
      mkdirSync(home.postgres);
      if (version) writeFileSync(join(home.postgres, 'PG_VERSION'), version);
      await expect(startPostgres(home)).rejects.toThrow(`${home.postgres} ${reason}`);
    }),
  );

  it(
    'names the reason when the data folder is broken',
    () =>
      inTemporaryHome(async (home) => {
        mkdirSync(home.postgres, { mode: 0o700 });
        writeFileSync(join(home.postgres, 'PG_VERSION'), '18\n');
        await expect(startPostgres(home)).rejects.toThrow(/the database ended with exit code 2: .*postgresql\.conf/);
      }),
    BOUND_MS,
  );
});
