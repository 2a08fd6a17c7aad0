import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Home } from './home';
import { MAIN, PYTHON } from './installation';
import type { StartingPart } from './part';

const READY_MS = 60_000;
/** The executor's groups of fork servers: together they have one for each core. */
const GROUPS = 2;

export interface EmbeddedExecutorOptions {
  /** Weakest jail that programs may run in. */
  minimumTier: number;
  /** Strongest jail to build; the strongest there is unless told. */
  strongestTier?: number;
}

/** `ready` gives the address of its gRPC server, a Unix socket. */
export function startExecutor(home: Home, { minimumTier, strongestTier = 1 }: EmbeddedExecutorOptions): StartingPart {
  const child = home.spawn({
    name: 'executor',
    command: process.execPath,
    args: [
      MAIN,
      'executor',
      '--socket',
      join(home.sockets, 'executor'),
      '--minimum-tier',
      `${minimumTier}`,
      '--strongest-tier',
      `${strongestTier}`,
      // The interpreter itself: programs have no business with the packages of the virtual environment.
      '--python',
      realpathSync(PYTHON),
      '--workers',
      `${Math.max(1, Math.floor(availableParallelism() / GROUPS))}`,
      '--owner-stdin',
    ],
    logFile: home.logFile('executor'),
  });
  return { child, ready: child.ready<{ address: string }>(READY_MS).then(({ address }) => address) };
}
