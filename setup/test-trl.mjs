/**
 * `npm run test:trl`: real steps of TRL's GRPOTrainer, rewarded by our client over a real server, in a throw-away
 * environment. Apart from `npm test`, because TRL and its data sets library are no part of the project.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import './node-version.mjs';
import { execute, run } from './command.mjs';
import { say, task } from './progress.mjs';
import { environmentPython, pipEnvironment } from './python-environment.mjs';
import { explain, root, setUpOrExit } from './setup.mjs';

const MINUTE = 60_000;
const bridge = join(root, 'trainer-bridge');
const tests = join(bridge, 'tests', 'verifier_client');
const advice = "check the network and pip's index settings";

/** A Python with torch, TRL and the client's wheel. */
async function makeEnvironment(folder) {
  const own = environmentPython(root);
  const python = join(folder, 'venv', 'bin', 'python');
  const step = (name, command, ...args) =>
    task(name, (onLine) =>
      run(command, args, { cwd: bridge, env: pipEnvironment(), boundMs: 30 * MINUTE, onLine, advice }),
    );
  const wheel = ['-m', 'pip', 'wheel', '--no-deps', '--no-build-isolation', '--wheel-dir', folder, './verifier-client'];
  await step("the client's wheel", own, ...wheel);
  await step('virtual environment', own, '-m', 'venv', join(folder, 'venv'));
  await step('torch', python, '-m', 'pip', 'install', '--no-compile', '-r', 'requirements-torch.txt');
  const wheels = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  const packages = ['-r', join(tests, 'requirements-trl.txt'), ...wheels.map((name) => join(folder, name))];
  await step('TRL and the client', python, '-m', 'pip', 'install', '--no-compile', ...packages);
  return python;
}

/** Does some work with the address of a server of its own. */
async function withServer(folder, work) {
  const args = [join(root, 'bin', 'azr.mjs'), 'serve', '--home', join(folder, 'home'), '--port', '0', '--json'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  try {
    const first = await Promise.race([once(server.stdout, 'data'), ended.then(() => undefined)]);
    if (!first) throw new Error('azr serve ended before it served; what it said is above');
    return await work(JSON.parse(first[0]).address);
  } finally {
    server.kill('SIGINT');
    await ended;
  }
}

/** @returns the exit code of the steps; 1 where they were stopped */
async function testTrl() {
  const folder = mkdtempSync(join(tmpdir(), 'azr-trl-'));
  try {
    const python = await makeEnvironment(folder);
    return await withServer(folder, async (address) => {
      const args = [join(tests, 'grpo_steps.py'), address, join(root, 'policies', 'tiny')];
      // A folder of its own, so that nothing is imported from the repository.
      const env = { ...process.env, HF_HUB_OFFLINE: '1' };
      const { code, late } = await execute(python, args, { cwd: folder, env, boundMs: 20 * MINUTE, echo: true });
      if (late) say('the steps were not done after 20 minutes, stopped');
      return code ?? 1;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await setUpOrExit();
process.exitCode = await testTrl().catch((error) => {
  explain(error);
  return 1;
});
