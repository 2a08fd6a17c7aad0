import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome } from '../../src/embedded/home';
import { inTemporaryHome } from '../support/temporary-home';

describe('home', () => {
  it('is used by one process at a time', () =>
    inTemporaryHome(async (home) => {
      const taken = new RegExp(`home ${home.path} is in use by process ${process.pid}, since 20`);
      await expect(openHome(home.path)).rejects.toThrow(taken);
      await home.close();
      const next = await openHome(home.path);
      await next.close();
    }));

  it('can be looked into by its owner alone', () =>
    inTemporaryHome(async (home) => {
      for (const folder of [home.path, home.logs, home.sockets]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    }));

  it('starts nothing once it is closed', () =>
    inTemporaryHome(async (home) => {
      await home.close();
      const spec = { name: 'sleeper', command: 'sleep', args: ['60'], logFile: home.logFile('sleeper') };
      expect(() => home.spawn(spec)).toThrow('the sleeper was not started');
    }));

  it('stops what still runs in it', () =>
    inTemporaryHome(async (home) => {
      const child = home.spawn({ name: 'sleeper', command: 'sleep', args: ['60'], logFile: home.logFile('sleeper') });
      await home.close();
      expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    }));

  it('must be a folder that can be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'azr-test-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openHome(file)).rejects.toThrow(`home ${file} must be a folder that can be written to`);
    await expect(openHome(join(file, 'home'))).rejects.toThrow('choose another one with --home');
    rmSync(folder, { recursive: true });
  });
});
