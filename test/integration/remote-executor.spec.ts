import { join } from 'node:path';
import { SharedExecutor } from '../../src/control-plane/shared-executor';
import { ExecutorAdapter } from '../../src/executor/executor-adapter';
import { serverCredentials } from '../../src/executor/tls';
import { descendants, TestExecutor } from '../support/executor/executor';
import { inTemporaryHome } from '../support/temporary-home';

const file = (name: string): string => join(__dirname, '../support/tls', name);
const ca = file('ca.pem');
const LIMITS = { timeoutMs: 5_000, memoryMib: 128, outputBytes: 100 };

describe('an executor elsewhere', () => {
  it('is used in place of one of the home, over TLS, if its jail is good enough', async () => {
    const tls = { cert: file('server.pem'), key: file('server.key.pem'), ca };
    const remote = await TestExecutor.start({
      ...{ address: 'localhost:0', credentials: serverCredentials('localhost:0', tls) },
      sandboxed: true,
    });
    const before = descendants().length;
    await inTemporaryHome(async (home) => {
      const endpoint = {
        address: remote.executor.address,
        tls: { cert: file('client.pem'), key: file('client.key.pem'), ca },
      };
      const reached = await new SharedExecutor(home, endpoint).reach(0);
      expect(reached).toMatchObject({ tier: 0, pythonVersion: expect.stringMatching(/^3\.1\d\./) as string });
      const adapter = new ExecutorAdapter(reached.address, reached.tls);
      expect(await adapter.runAcross('def f(x): return x', ['1'], LIMITS)).toEqual([
        Array(3).fill({ status: 'ok', output: '1' }),
      ]);
      adapter.close();
      expect(descendants().length).toBe(before);
    });
    await remote.stop();
  }, 60_000);

  it('whose jail is too weak is refused', async () => {
    const remote = await TestExecutor.start({ strongestTier: 3, minimumTier: 3 });
    await inTemporaryHome(async (home) => {
      const shared = new SharedExecutor(home, { address: remote.executor.address });
      await expect(shared.reach(2)).rejects.toThrow('its jail reaches only tier 3; 2 or better is asked for');
    });
    await remote.stop();
  }, 60_000);
});
