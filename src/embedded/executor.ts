import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home';
import { MAIN } from './installation';
import { KeptChild } from './kept-child';
import type { OwnedChild } from './owned-child';
import type { StartingPart } from './part';

const READY_MS = 60_000;

export interface EmbeddedExecutorOptions {
  /** Weakest jail that programs may run in. */
  minimumTier: number;
  /** Strongest jail to build; the strongest there is unless told. */
  strongestTier?: number;
  /** Fork servers in each of its groups; by the cores unless told. */
  workers?: number;
}

/** `ready` gives the address of its gRPC server, a Unix socket; it stays the same when the executor starts again. */
export function startExecutor(home: Home, options: EmbeddedExecutorOptions): StartingPart {
  const child = new KeptChild(() => launch(home, options));
  return { child, ready: child.ready<{ address: string }>(READY_MS).then(({ address }) => address) };
}

function launch(home: Home, { minimumTier, strongestTier = 1, workers }: EmbeddedExecutorOptions): OwnedChild {
  const socket = join(home.sockets, 'executor');
  rmSync(socket, { force: true }); // one that was killed has left it behind
  return home.spawn({
    name: 'executor',
    command: process.execPath,
    args: [
      MAIN,
      'executor',
      '--socket',
      socket,
      '--minimum-tier',
      `${minimumTier}`,
      '--strongest-tier',
      `${strongestTier}`,
      ...(workers === undefined ? [] : ['--workers', `${workers}`]),
      '--owner-stdin',
    ],
    logFile: home.logFile('executor'),
  });
}
