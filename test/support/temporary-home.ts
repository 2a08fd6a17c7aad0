import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, type Home } from '../../src/embedded/home';

interface TemporaryHome {
  home: Home;
  /** Stops what runs in it and removes it; once is enough. */
  close(): Promise<void>;
}

/** A home inside a new folder of mode 700. */
export async function openTemporaryHome(): Promise<TemporaryHome> {
  const folder = mkdtempSync(join(tmpdir(), 'azr-test-'));
  chmodSync(folder, 0o700);
  const home = await openHome(join(folder, 'home'));
  const close = async (): Promise<void> => {
    await home.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { home, close };
}

/** A temporary home for one test; it is gone afterwards, and what runs in it. */
export async function inTemporaryHome(work: (home: Home) => Promise<void>): Promise<void> {
  const { home, close } = await openTemporaryHome();
  try {
    await work(home);
  } finally {
    await close();
  }
}
