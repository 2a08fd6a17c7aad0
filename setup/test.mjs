/** `npm test [-- PART…]`: sets up, then runs every check and every test, or the parts that are named. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit } from 'node:process';

import './node-version.mjs';
import { execute } from './command.mjs';
import { say } from './progress.mjs';
import { environmentPython } from './python-environment.mjs';
import { explain, root, setUp } from './setup.mjs';

const MINUTE = 60_000;
const reports = mkdtempSync(join(tmpdir(), 'azr-reports-'));

const node = (...path) => [process.execPath, join(root, 'node_modules', ...path)];
const python = [environmentPython(root), '-m'];
const bridge = join(root, 'trainer-bridge');
/** All Python of the repository, as seen from the bridge's folder, whose settings hold for all of it. */
const ruffed = ['--config', 'pyproject.toml', '.', '../src', '../test'];

/** A check counts as one test. */
const countCheck = ({ code }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

function countJest({ report }) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

function countPytest({ report }) {
  const [, attributes] = /<testsuite ([^>]*)>/.exec(readFileSync(report, 'utf8'));
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map((name) =>
    Number(new RegExp(` ${name}="(\\d+)"`).exec(` ${attributes}`)[1]),
  );
  return { passed: tests - failures - errors - skipped, failed: failures + errors, skipped };
}

const check = (name, command, cwd = root) => ({
  name,
  kind: 'lint',
  command,
  cwd,
  boundMs: 5 * MINUTE,
  count: countCheck,
});

function jest(name, boundMs) {
  const report = join(reports, `${name}.json`);
  const command = [...node('jest', 'bin', 'jest.js'), '--selectProjects', name, '--json', `--outputFile=${report}`];
  return { name, command, cwd: root, boundMs, report, count: countJest };
}

function pytest(boundMs) {
  const report = join(reports, 'pytest.xml');
  const command = [...python, 'pytest', '-q', `--junitxml=${report}`];
  return { name: 'pytest', command, cwd: bridge, boundMs, report, count: countPytest };
}

const PARTS = [
  check('eslint', [...node('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.']),
  check('prettier', [...node('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  check('types', [...node('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']),
  check('buf', [...node('@bufbuild', 'buf', 'bin', 'buf'), 'lint']),
  check('ruff', [...python, 'ruff', 'check', ...ruffed], bridge),
  check('ruff format', [...python, 'ruff', 'format', '--check', ...ruffed], bridge),
  check('mypy', [...python, 'mypy'], bridge),
  // Scripts that run on a bare interpreter, outside the bridge's packages.
  check('mypy, src', [...python, 'mypy', '../src/embedded', '../src/executor/python'], bridge),
  jest('unit', 5 * MINUTE),
  jest('integration', 10 * MINUTE),
  pytest(10 * MINUTE),
  jest('e2e', 15 * MINUTE),
];

function chosen(names) {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name || part.kind === name));
  if (unknown.length > 0) {
    say(`npm test: no part is called ${unknown.join(', ')}; there are lint (all checks) and:`);
    say(PARTS.map(({ name }) => name).join(', '));
    exit(2);
  }
  return PARTS.filter(({ name, kind }) => names.length === 0 || names.includes(name) || names.includes(kind));
}

/** What could not be counted has failed: a runner that crashed, was too slow, or failed without a failing test. */
function countOf(part, result) {
  try {
    const count = part.count({ ...part, ...result });
    return result.code === 0 || count.failed > 0 ? count : { ...count, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runPart(part) {
  say(`\n== ${part.name}`);
  const since = Date.now();
  const [command, ...args] = part.command;
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const result = await execute(command, args, { cwd: part.cwd, env, boundMs: part.boundMs, echo: true });
  if (result.late) say(`${part.name}: not done after ${part.boundMs / MINUTE} minutes, stopped`);
  return { name: part.name, seconds: (Date.now() - since) / 1000, ...countOf(part, result) };
}

async function runAll(parts) {
  const results = [];
  for (const part of parts) results.push(await runPart(part));
  return results;
}

/** Set-up counts where it fails. */
async function prepare() {
  const since = Date.now();
  const failed = await setUp().then(
    () => 0,
    (error) => {
      explain(error);
      return 1;
    },
  );
  return { name: 'set-up', seconds: (Date.now() - since) / 1000, passed: 0, failed, skipped: 0 };
}

function summarise(results) {
  say('');
  for (const { name, seconds, passed, failed } of results) {
    const time = `${seconds.toFixed(1).padStart(6)} s`;
    say(`${failed ? 'FAILED' : 'ok    '} ${name.padEnd(12)} ${time}  ${passed} passed, ${failed} failed`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  return sum('failed') === 0 ? 0 : 1;
}

const parts = chosen(argv.slice(2));
const preparation = await prepare();
const results = preparation.failed ? [] : await runAll(parts);
rmSync(reports, { recursive: true, force: true });
process.exitCode = summarise([preparation, ...results]);
