/**
 * The steps of set-up, in order. Each is keyed on the contents of its inputs; its stamp lies inside what it makes, so
 * that it goes when that goes, and is written only after success.
 */
import { cpus } from 'node:os';

import { run } from './command.mjs';
import { build, compileKernels, generatePython, generateTypeScript } from './build.mjs';
import { digestOf, filesUnder } from './digest.mjs';
import { task } from './progress.mjs';
import { makePythonEnvironment, pythonFacts, pythonFactsHold } from './python-environment.mjs';

const NPM_BOUND_MS = 30 * 60_000;

/** npm as it was started, where npm started us; else the one on PATH. Development packages too: they build. */
async function installNpmPackages(root, inherit) {
  const cli = process.env.npm_execpath ?? '';
  const [command, first] = /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  await task('npm packages', (onLine) =>
    run(command, [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
      cwd: root,
      boundMs: NPM_BOUND_MS,
      inherit,
      onLine,
      advice: "check the network and npm's registry settings",
    }),
  );
}

/**
 * `name`, `stamp` (a path), `key(root)`, `make(root, inherit)`, and where contents are not all: `facts(root)`, kept in
 * the stamp, and `holds(root, facts)`.
 */
export const steps = [
  {
    name: 'npm packages',
    stamp: 'node_modules/.azr-stamp',
    key: (root) => digestOf(root, ['package-lock.json'], [process.platform, process.arch]),
    make: installNpmPackages,
  },
  {
    name: 'Python environment',
    stamp: 'trainer-bridge/.venv/.azr-stamp',
    // A virtual environment has its own path written into it: one that was moved or copied is made again.
    key: (root) =>
      digestOf(root, ['trainer-bridge/requirements-torch.txt', 'trainer-bridge/requirements.lock'], [root]),
    make: makePythonEnvironment,
    facts: pythonFacts,
    holds: pythonFactsHold,
  },
  {
    name: 'TypeScript contracts',
    stamp: 'src/generated/.azr-stamp',
    key: (root) => digestOf(root, ['proto', 'buf.yaml', 'buf.gen.yaml', 'package-lock.json']),
    make: generateTypeScript,
  },
  {
    name: 'Python contracts',
    stamp: 'trainer-bridge/generated/.azr-stamp',
    key: (root) => digestOf(root, ['proto', 'trainer-bridge/generate_protos.py', 'trainer-bridge/requirements.lock']),
    make: generatePython,
  },
  {
    name: "policy server's kernels",
    stamp: 'trainer-bridge/azr_policy_server/__pycache__/.azr-stamp',
    // Compiled for the processor: a folder that moves to another kind of machine compiles them again.
    key: (root) =>
      digestOf(
        root,
        ['trainer-bridge/azr_policy_server/cpu_kernels.py', 'trainer-bridge/requirements.lock'],
        [cpus()[0]?.model ?? ''],
      ),
    make: compileKernels,
  },
  {
    name: 'build',
    stamp: 'dist/.azr-stamp',
    key: (root) =>
      digestOf(root, [
        ...filesUnder(root, 'src').filter((file) => !file.endsWith('.spec.ts')),
        'setup/build.mjs',
        'tsconfig.json',
        'tsconfig.build.json',
        'package-lock.json',
      ]),
    make: build,
  },
];
