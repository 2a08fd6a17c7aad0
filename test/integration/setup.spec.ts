import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModule, startModule } from '../support/run-module';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'azr-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the search for a Python', () => {
  const FIND = `
    import { findPython } from 'SETUP/python.mjs';
    console.log(await findPython().then(JSON.stringify, ({ message }) => message));`;

  /** Puts a program on PATH that answers as a Python of that version would, or fails. */
  function install(bin: string, name: string, version?: string, missing: string[] = []): string {
    const path = join(folder, bin, name);
    mkdirSync(join(folder, bin), { recursive: true });
    const action = version ? `echo '${JSON.stringify({ version, missing })}'` : 'echo "not installed" >&2; exit 127';
    writeFileSync(path, `#!/bin/sh\n${action}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function find(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { stdout } = await runModule(FIND, { PATH: `${join(folder, 'a')}:${join(folder, 'b')}`, ...env });
    return stdout.trim();
  }

  it('passes over those that do not run, are too old or too new, or cannot make an environment', async () => {
    install('a', 'python3');
    install('b', 'python3', '3.9.2');
    install('a', 'python3.13', '3.14.0');
    install('a', 'python3.12', '3.12.1', ['ensurepip']);
    const good = install('b', 'python3.11', '3.11.2');
    expect(JSON.parse(await find())).toEqual({ path: good, version: '3.11.2' });
  });

  it('says in one line what it tried', async () => {
    const shim = install('a', 'python3');
    const bare = install('b', 'python3.12', '3.12.1', ['ensurepip']);
    const message = await find();
    expect(message).toContain(`(${shim} does not run, ${bare} is 3.12.1 without ensurepip)`);
    expect(message).toContain('apt install python3 python3-venv');
    expect(message).not.toContain('\n');
  });

  it('says when there is none', async () => {
    expect(await find()).toContain('no Python 3.11 to 3.13 with venv and ensurepip (none was found on PATH)');
  });

  it('looks at AZR_PYTHON alone where that is set', async () => {
    install('a', 'python3', '3.12.0');
    const old = install('b', 'old', '3.10.1');
    expect(await find({ AZR_PYTHON: old })).toContain(`AZR_PYTHON=${old} will not do (${old} is 3.10.1)`);
  });
});

describe('a step of set-up', () => {
  /** Makes the step `made`, whose input is `input`, and says whether it was done before and is now. */
  const attempt = (make: string): Promise<string> =>
    runModule(`
    import { mkdirSync } from 'node:fs';
    import { digestOf } from 'SETUP/digest.mjs';
    import { isDone, make } from 'SETUP/stamp.mjs';
    const root = ${JSON.stringify(folder)};
    const step = { stamp: 'made/stamp', key: () => digestOf(root, ['input']), make: async () => { ${make} } };
    const before = isDone(root, step);
    await make(root, step).catch(() => {});
    console.log(before, isDone(root, step));`).then(({ stdout }) => stdout.trim());

  it('is done again when its inputs change, and only then', async () => {
    writeFileSync(join(folder, 'input'), 'one');
    expect(await attempt('')).toBe('false true');
    writeFileSync(join(folder, 'input'), 'one');
    expect(await attempt('')).toBe('true true');
    writeFileSync(join(folder, 'input'), 'two');
    expect(await attempt('')).toBe('false true');
  });

  it('is not done when it failed, or was interrupted, over an older result', async () => {
    writeFileSync(join(folder, 'input'), 'one');
    expect(await attempt('')).toBe('false true');
    expect(await attempt('throw new Error("failed")')).toBe('true false');
    expect(await attempt('')).toBe('false true');
    expect(await attempt('process.kill(process.pid, "SIGKILL")')).toBe('');
    expect(await attempt('')).toBe('false true');
  });
});

describe('set-up', () => {
  const HOLD = (root: string, work: string): string => `
    import { alone } from 'SETUP/lock.mjs';
    await alone(${JSON.stringify(root)}, () => console.log('waiting'), async (inherit) => { ${work} });`;

  const FOREVER = 'await new Promise(() => setInterval(() => {}, 1000));';

  it('waits for another one in the same folder, and goes on when that is killed', async () => {
    const first = startModule(HOLD(folder, `console.log('working'); ${FOREVER}`));
    await once(first.stdout, 'data');
    const second = startModule(HOLD(folder, "console.log('working');"));
    const [said] = await once(second.stdout, 'data');
    expect(`${said}`).toBe('waiting\n');
    first.kill('SIGKILL');
    const [next] = await once(second.stdout, 'data');
    expect(`${next}`).toBe('working\n');
    await once(second, 'exit');
  });

  it('goes on when another one in the same folder is done', async () => {
    const untilTold = "await new Promise((done) => process.stdin.once('data', done)); process.stdin.destroy();";
    const first = startModule(HOLD(folder, `console.log('working'); ${untilTold}`));
    await once(first.stdout, 'data');
    const second = startModule(HOLD(folder, "console.log('working');"));
    await once(second.stdout, 'data');
    first.stdin.write('\n');
    expect(await Promise.all([once(first, 'exit'), once(second, 'exit')])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('waits for the tool that a killed one left running', async () => {
    const gate = join(folder, 'gate');
    execFileSync('mkfifo', [gate]);
    const tool = `
      const { spawn } = await import('node:child_process');
      const work = 'read line < ${gate}; touch ${join(folder, 'done')}';
      spawn('sh', ['-c', work], { stdio: ['ignore', 'ignore', 'ignore', inherit] });
      console.log('working');
      ${FOREVER}`;
    const first = startModule(HOLD(folder, tool));
    await once(first.stdout, 'data');
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = startModule(HOLD(folder, `console.log('working')`));
    const [said] = await once(second.stdout, 'data');
    expect(`${said}`).toBe('waiting\n');
    writeFileSync(gate, '\n');
    const [next] = await once(second.stdout, 'data');
    expect(`${next}`).toBe('working\n');
    expect(existsSync(join(folder, 'done'))).toBe(true);
    await once(second, 'exit');
  });

  it('ends its tools when it is interrupted, and keeps their last words when they fail', async () => {
    const run = (script: string): string => `
      import { run } from 'SETUP/command.mjs';
      await run('sh', ['-c', ${JSON.stringify(script)}], { boundMs: 60_000, advice: 'look', onLine: console.log })
        .catch(({ message, tail }) => console.log(message, tail.at(-1)));`;
    const failed = await runModule(run('echo reason >&2; exit 3'));
    expect(failed.stdout).toContain('failed (exit 3): sh -c echo reason >&2; exit 3: look reason');
    const interrupted = startModule(run('echo started; exec sleep 63.25'));
    await once(interrupted.stdout, 'data');
    interrupted.kill('SIGTERM');
    expect(await once(interrupted, 'exit')).toEqual([143, null]);
  });
});
