import type { Home } from './home';
import { BRIDGE, PYTHON } from './installation';
import type { StartingPart } from './part';

/** PyTorch takes seconds to import, and many on a busy machine. */
const READY_MS = 120_000;

/**
 * `ready` gives the base URL of its HTTP interface.
 * @param model Hugging Face folder
 * @param threads for arithmetic
 * @param number from 1, among the policy servers of the home
 */
export function startPolicyServer(home: Home, model: string, threads: number, number = 1): StartingPart {
  const child = home.spawn({
    name: 'policy server',
    command: PYTHON,
    args: ['-m', 'azr_policy_server', '--model', model, '--port', '0', '--threads', `${threads}`, '--owner-stdin'],
    environment: { OMP_NUM_THREADS: `${threads}`, HF_HUB_OFFLINE: '1' },
    cwd: BRIDGE,
    logFile: home.logFile(number === 1 ? 'policy-server' : `policy-server-${number}`),
  });
  return { child, ready: child.ready<{ url: string }>(READY_MS).then(({ url }) => url) };
}
