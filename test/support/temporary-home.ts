import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, type Home } from '../../src/embedded/home';

/** A home inside a new folder of mode 700, for one test; both are gone afterwards, and what runs in it. */
export async function inTemporaryHome(work: (home: Home) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'azr-test-'));
  chmodSync(folder, 0o700);
  const home = await openHome(join(folder, 'home'));
  try {
    await work(home);
  } finally {
    await home.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
