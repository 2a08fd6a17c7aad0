/**
 * `npm run test:vllm`: the rollout client, training and evaluation against a real vLLM, on the CPU. Apart from
 * `npm test`, for its environment takes 2.2 GB; it is kept, and made again where its lock file has changed.
 */
import { statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import './node-version.mjs';
import { execute, run, SetupError } from './command.mjs';
import { digestOf } from './digest.mjs';
import { alone } from './lock.mjs';
import { say, task } from './progress.mjs';
import { pipEnvironment } from './python-environment.mjs';
import { findPython } from './python.mjs';
import { explain, root, setUpOrExit } from './setup.mjs';
import { isDone, make } from './stamp.mjs';

const MINUTE = 60_000;
const GIB = 2 ** 30;
const NEEDED_GIB = 5; // installed, and what pip keeps while it installs
const bridge = join(root, 'trainer-bridge');
const folder = join(bridge, '.venv-vllm');
const python = join(folder, 'bin', 'python');
const lock = join(root, 'test', 'vllm', 'requirements.lock');

function requireSpace() {
  const { bavail, bsize } = statfsSync(bridge);
  const free = (bavail * bsize) / GIB;
  if (free >= NEEDED_GIB) return;
  throw new SetupError(`${bridge} has ${free.toFixed(1)} GiB free, where a vLLM needs ${NEEDED_GIB} to be installed`);
}

async function makeEnvironment(_, inherit) {
  requireSpace();
  const base = await findPython();
  const step = (name, command, args) =>
    task(name, (onLine) =>
      run(command, args, {
        ...{ cwd: bridge, env: pipEnvironment(), boundMs: 30 * MINUTE, inherit, onLine },
        advice: "check the network, the disk and pip's index settings",
      }),
    );
  const pip = (name, ...args) => step(name, python, ['-m', 'pip', 'install', '--no-compile', ...args]);
  await rm(folder, { recursive: true, force: true });
  await step('virtual environment', base.path, ['-m', 'venv', folder]);
  await pip('torch', '-r', 'requirements-torch.txt');
  await pip('vLLM', '--no-deps', '--require-hashes', '-r', lock);
}

const environment = {
  stamp: 'trainer-bridge/.venv-vllm/.azr-stamp',
  key: () => digestOf(root, ['trainer-bridge/requirements-torch.txt', 'test/vllm/requirements.lock'], [root]),
  make: makeEnvironment,
};

async function installVllm() {
  if (isDone(root, environment)) return;
  say('Installing vLLM into trainer-bridge/.venv-vllm (this happens once, and again where its lock file has changed):');
  const waiting = () => say('Another set-up is under way in this folder: waiting for it to end.');
  await alone(root, waiting, async (inherit) => {
    if (!isDone(root, environment)) await make(root, environment, inherit);
  });
}

/** @returns the exit code of the tests; 1 where they were stopped */
async function testVllm() {
  await installVllm();
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [jest, '--config', join(root, 'test', 'vllm', 'jest.config.js')];
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const { code, late } = await execute(process.execPath, args, { cwd: root, env, boundMs: 40 * MINUTE, echo: true });
  if (late) say('the tests were not done after 40 minutes, stopped');
  return code ?? 1;
}

await setUpOrExit();
process.exitCode = await testVllm().catch((error) => {
  explain(error);
  return 1;
});
