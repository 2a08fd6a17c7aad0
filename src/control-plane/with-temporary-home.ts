import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, type Home } from '../embedded/home';
import { Closers } from './closers';
import { StopSignals } from './stop-signals';

/**
 * Does some work in a home of its own. Whatever comes of it, home and folder are gone afterwards and nothing runs in
 * it any more, also when someone asks to stop.
 */
export async function withTemporaryHome<T>(work: (home: Home) => Promise<T>): Promise<T> {
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  try {
    const folder = closers.add(mkdtempSync(join(tmpdir(), 'azr-home-')), remove);
    const home = closers.add(await openHome(folder), (opened) => opened.close());
    return await Promise.race([signals.interrupted, work(home)]);
  } finally {
    await closers.closeAll(() => undefined);
    signals.close();
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
