import { join } from 'node:path';
import { ChildNotReady, type ChildDied } from '../../src/embedded/child-died';
import type { Home } from '../../src/embedded/home';
import type { OwnedChild } from '../../src/embedded/owned-child';
import { eventually, processesNaming } from '../support/processes';
import { inTemporaryHome } from '../support/temporary-home';

const READY = 'console.log(JSON.stringify({ ready: true, url: "here" }));';
const STAY = 'setInterval(() => {}, 1000);';
const BOUND_MS = 20_000;

/** A Node child that runs `script`; `argument` makes it easy to find. */
const start = (home: Home, script: string, argument = ''): OwnedChild =>
  home.spawn({
    name: 'helper',
    command: process.execPath,
    args: ['-e', script, argument],
    logFile: home.logFile('helper'),
  });

describe('owned child', () => {
  it('is ready when it says so, and its later output goes to its log', () =>
    inTemporaryHome(async (home) => {
      const child = start(home, `${READY} console.log("more"); console.error("and more"); ${STAY}`);
      expect(await child.ready(BOUND_MS)).toEqual({ ready: true, url: 'here' });
      expect(await eventually(() => child.lastLines().length === 3, BOUND_MS)).toBe(true);
      expect(child.lastLines()).toEqual(expect.arrayContaining(['more', 'and more']));
    }));

  it('is given few variables and no secret', () =>
    inTemporaryHome(async (home) => {
      process.env['AZR_TEST_SECRET'] = 'secret';
      const child = start(home, 'console.log(JSON.stringify({ ready: true, names: Object.keys(process.env) }))');
      const { names } = await child.ready<{ names: string[] }>(BOUND_MS);
      expect(names).toContain('PATH');
      expect(names).not.toContain('AZR_TEST_SECRET');
      delete process.env['AZR_TEST_SECRET'];
    }));

  it('that dies is reported with exit code and last words', () =>
    inTemporaryHome(async (home) => {
      const child = start(home, 'console.error("first\\nno such model"); process.exit(3)');
      const deaths: ChildDied[] = [];
      child.onDeath((death) => deaths.push(death));
      const log = join(home.logs, 'helper.log');
      await expect(child.ready(BOUND_MS)).rejects.toThrow(
        `the helper ended with exit code 3: no such model (log: ${log})`,
      );
      expect(deaths.map(({ lastLines }) => lastLines)).toEqual([['first', 'no such model']]);
    }));

  it('that cannot be started is reported', () =>
    inTemporaryHome(async (home) => {
      const child = home.spawn({
        name: 'helper',
        command: '/nowhere/helper',
        args: [],
        logFile: home.logFile('helper'),
      });
      await expect(child.ready(BOUND_MS)).rejects.toThrow('could not be started: spawn /nowhere/helper ENOENT');
    }));

  it('that says something else, or nothing in time, is not ready', () =>
    inTemporaryHome(async (home) => {
      await expect(start(home, `console.log("hello"); ${STAY}`).ready(BOUND_MS)).rejects.toThrow('printed "hello"');
      await expect(start(home, STAY).ready(100)).rejects.toThrow(ChildNotReady);
      await expect(start(home, STAY).ready(100)).rejects.toThrow('was not ready after 0.1 s');
    }));

  it('is killed with its children when it does not stop', () =>
    inTemporaryHome(async (home) => {
      const script = `
      process.on('SIGTERM', () => {});
      require('node:child_process').spawn('sleep', ['61.25'], { stdio: 'inherit' });
      ${READY} ${STAY}`;
      const child = start(home, script, home.path);
      const deaths: ChildDied[] = [];
      child.onDeath((death) => deaths.push(death));
      await child.ready(BOUND_MS);
      await child.stop(100);
      expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect(deaths).toEqual([]);
      expect(await eventually(() => processesNaming('sleep 61.25').length === 0, BOUND_MS)).toBe(true);
    }));

  it('takes the children that it leaves behind with it', () =>
    inTemporaryHome(async (home) => {
      const child = start(home, "require('node:child_process').spawn('sleep', ['62.25']).unref(); process.exit(0)");
      await child.completed(BOUND_MS);
      expect(await eventually(() => processesNaming('sleep 62.25').length === 0, BOUND_MS)).toBe(true);
    }));

  it('sees its standard input end when its owner does', () =>
    inTemporaryHome(async (home) => {
      const child = start(home, `process.stdin.resume().on('end', () => process.exit(0)); ${READY}`);
      await child.ready(BOUND_MS);
      expect(processesNaming(home.path)).toEqual([]);
      await child.stop(BOUND_MS);
    }));
});
