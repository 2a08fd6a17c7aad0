import { join } from 'node:path';
import type { Home } from './home';
import { BRIDGE, PYTHON } from './installation';
import type { StartingPart } from './part';

/** PyTorch and a local Ray, on a machine that starts everything else at the same time. */
const READY_MS = 180_000;

/**
 * `ready` gives the address of its gRPC server.
 * @param threads for arithmetic
 * @param publishRoot folder that it publishes weights through; a temporary one unless told
 */
export function startTrainerBridge(home: Home, threads: number, publishRoot?: string): StartingPart {
  const child = home.spawn({
    name: 'trainer bridge',
    command: PYTHON,
    args: [
      ...['-m', 'azr_trainer', '--listen', '127.0.0.1:0', '--threads', `${threads}`, '--owner-stdin'],
      ...['--ray-dir', join(home.sockets, 'ray')],
      ...(publishRoot === undefined ? [] : ['--publish-root', publishRoot]),
    ],
    environment: { OMP_NUM_THREADS: `${threads}`, HF_HUB_OFFLINE: '1', RAY_USAGE_STATS_ENABLED: '0' },
    cwd: BRIDGE,
    logFile: home.logFile('trainer-bridge'),
  });
  return { child, ready: child.ready<{ address: string }>(READY_MS).then(({ address }) => address) };
}
