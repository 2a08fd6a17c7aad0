/**
 * `npm run test:metrics`: what is handed to TensorBoard and Weights & Biases, read back, in a throw-away environment
 * with both of them. Apart from `npm test`, because they are no part of the project.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import './node-version.mjs';
import { execute, run } from './command.mjs';
import { say, task } from './progress.mjs';
import { environmentFolder, environmentPython, pipEnvironment } from './python-environment.mjs';
import { explain, root, setUpOrExit } from './setup.mjs';

const MINUTE = 60_000;
const bridge = join(root, 'trainer-bridge');
const advice = "check the network and pip's index settings";

const sitePackages = (folder) => {
  const [version] = readdirSync(join(folder, 'lib')).filter((name) => name.startsWith('python'));
  return join(folder, 'lib', version, 'site-packages');
};

/** A Python with both libraries, and with all that the project's own has. */
async function makeEnvironment(folder) {
  const python = join(folder, 'bin', 'python');
  const step = (name, command, ...args) =>
    task(name, (onLine) =>
      run(command, args, { cwd: bridge, env: pipEnvironment(), boundMs: 10 * MINUTE, onLine, advice }),
    );
  await step('virtual environment', environmentPython(root), '-m', 'venv', folder);
  writeFileSync(join(sitePackages(folder), 'azr.pth'), `${sitePackages(environmentFolder(root))}\n`);
  await step('TensorBoard and W&B', python, '-m', 'pip', 'install', '--no-compile', '-r', 'requirements-metrics.txt');
  return python;
}

/** @returns the exit code of the tests; 1 where they were stopped */
async function testMetrics() {
  const folder = mkdtempSync(join(tmpdir(), 'azr-metrics-'));
  try {
    const python = await makeEnvironment(folder);
    const args = ['-m', 'pytest', '-q', 'tests/metrics'];
    const { code, late } = await execute(python, args, { cwd: bridge, boundMs: 5 * MINUTE, echo: true });
    if (late) say('the tests were not done after 5 minutes, stopped');
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await setUpOrExit();
process.exitCode = await testMetrics().catch((error) => {
  explain(error);
  return 1;
});
