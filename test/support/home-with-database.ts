import { openHome } from '../../src/embedded/home';
import { startPostgres } from '../../src/embedded/postgres';
import { openDatabase } from '../../src/store/database';

/** Makes a home that has been used once: it holds a database of the present schema, and no runs. */
export async function makeHomeWithDatabase(folder: string): Promise<void> {
  const home = await openHome(folder);
  try {
    const { connection } = await startPostgres(home);
    await (await openDatabase({ ...connection })).destroy();
  } finally {
    await home.close();
  }
}
