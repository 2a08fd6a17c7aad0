import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExecutor, type EmbeddedExecutorOptions } from '../embedded/executor';
import { openHome } from '../embedded/home';
import { Closers } from './closers';
import { StopSignals } from './stop-signals';

/**
 * Does some work with an executor process and nothing else. Whatever comes of it, nothing is left behind, also when
 * someone asks to stop.
 * @param work is given the address of the executor's gRPC server
 * @throws AzrError where it cannot be started
 */
export async function withExecutor<T>(
  options: EmbeddedExecutorOptions,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  try {
    const folder = closers.add(mkdtempSync(join(tmpdir(), 'azr-executor-')), remove);
    const home = closers.add(await openHome(folder), (opened) => opened.close());
    const { ready } = startExecutor(home, options);
    return await Promise.race([signals.interrupted, ready.then(work)]);
  } finally {
    await closers.closeAll(() => undefined);
    signals.close();
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
