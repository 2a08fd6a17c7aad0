/** The virtual environment of the two Python processes: torch, the locked packages, and our own two packages. */
import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

import { run } from './command.mjs';
import { say, task } from './progress.mjs';
import { findPython } from './python.mjs';

const BOUND_MS = 60 * 60_000;
const NETWORK = "check the network and pip's index settings, then run the same command again";

export const environmentFolder = (root) => join(root, 'trainer-bridge', '.venv');
export const environmentPython = (root) => join(environmentFolder(root), 'bin', 'python');

/** pip's index settings are the user's to make; what would send packages somewhere else is not passed on. */
export function pipEnvironment() {
  const env = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PYTHONUNBUFFERED: '1' };
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'PIP_USER', 'PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT']) delete env[name];
  return env;
}

function hasNvidiaDevice() {
  return readdirSync('/dev').some((name) => /^nvidia\d+$|^nvidiactl$/.test(name));
}

/** Says how to avoid the CUDA build where there is no GPU and pip has been told of no other source of wheels. */
async function hintAtCpuBuild(python, env) {
  if (hasNvidiaDevice()) return;
  const { stdout } = await promisify(execFile)(python, ['-m', 'pip', 'config', 'list'], { env, timeout: 30_000 }).catch(
    () => ({ stdout: '' }),
  );
  if (/index-url|find-links/.test(stdout)) return;
  say(
    "  No NVIDIA device here: torch's default build brings 4 GB of CUDA libraries. For the CPU build, 0.2 GB to " +
      'download, stop this and set PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu',
  );
}

/** Our packages are imported from where they stand: relative lines, so that they hold wherever the folder is. */
function linkOwnPackages(root) {
  const folder = environmentFolder(root);
  const [version] = readdirSync(join(folder, 'lib')).filter((name) => name.startsWith('python'));
  const up = '../../../..';
  writeFileSync(join(folder, 'lib', version, 'site-packages', 'azr.pth'), `${up}\n${up}/generated\n`);
}

/** Made anew each time: what an interrupted pip leaves behind cannot be told from what it should have left. */
export async function makePythonEnvironment(root, inherit) {
  const base = await findPython();
  const folder = environmentFolder(root);
  const python = environmentPython(root);
  const env = pipEnvironment();
  const bridge = join(root, 'trainer-bridge');
  const options = { cwd: bridge, env, boundMs: BOUND_MS, inherit };
  // Not compiled: what is imported compiles at its first import, and the rest, most of it, never.
  const pip = (name, args) =>
    task(name, (onLine) =>
      run(python, ['-m', 'pip', 'install', '--no-compile', ...args], { ...options, onLine, advice: NETWORK }),
    );

  say(`  Python ${base.version} (${base.path})`);
  await task('virtual environment', async (onLine) => {
    await rm(folder, { recursive: true, force: true });
    const advice = 'on Debian or Ubuntu, apt install python3-venv';
    await run(base.path, ['-m', 'venv', folder], { ...options, onLine, advice });
  });
  await hintAtCpuBuild(python, env);
  await pip('torch', ['-r', 'requirements-torch.txt']);
  await pip('Python packages', ['--require-hashes', '-r', 'requirements.lock']);
  linkOwnPackages(root);
}

/** What the environment stands on: it breaks when the interpreter under it goes or becomes another one. */
export function pythonFacts(root) {
  return { interpreter: realpathSync(environmentPython(root)), asked: process.env.AZR_PYTHON ?? '' };
}

/** Whether an environment with these facts is still good. AZR_PYTHON counts only where it is set. */
export function pythonFactsHold(root, facts) {
  const now = pythonFacts(root);
  return now.interpreter === facts.interpreter && (now.asked === '' || now.asked === facts.asked);
}
