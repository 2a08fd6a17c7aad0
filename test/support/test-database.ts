import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome } from '../../src/embedded/home';
import { startPostgres } from '../../src/embedded/postgres';
import { openDatabase, type Database } from '../../src/store/database';

export interface TestDatabase {
  db: Database;
  stop(): Promise<void>;
}

/** A real, empty database with the schema, in a folder of its own. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'azr-db-'));
  const home = await openHome(dir);
  const postgres = await startPostgres(home);
  const db = await openDatabase({ ...postgres.connection });
  return {
    db,
    stop: async () => {
      await db.destroy();
      await home.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
