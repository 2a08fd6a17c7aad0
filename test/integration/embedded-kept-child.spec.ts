import { ExecutorClient } from '../../src/executor/client';
import { startExecutor } from '../../src/embedded/executor';
import { eventually, killIfThere } from '../support/processes';
import { inTemporaryHome } from '../support/temporary-home';

const BOUND_MS = 60_000;
const SLOW = 'def f(x):\n    return sum(range(3 * 10**6)) + x';

describe('the embedded executor', () => {
  it('that is killed during a batch is there again, and no answer is lost', async () => {
    await inTemporaryHome(async (home) => {
      const { child, ready } = startExecutor(home, { minimumTier: 3 });
      const deaths: string[] = [];
      child.onDeath(({ message }) => deaths.push(message));
      const client = new ExecutorClient(await ready);
      const first = child.pid!;
      const inputs = Array.from({ length: 20 }, (_, i) => `${i}`);
      const answers = Promise.all([1, 2].map(() => client.execute({ program: SLOW, inputs })));
      killIfThere(first);
      const sum = (3e6 * (3e6 - 1)) / 2;
      const expected = inputs.map((input) => `${sum + Number(input)}`);
      for (const responses of await answers) expect(responses.map(({ runs }) => runs[0]!.output)).toEqual(expected);
      expect(child.pid).not.toBe(first);
      expect(deaths).toEqual([]);
      client.close();
    });
  }, 120_000);

  it('that dies whenever it is started again is given up', async () => {
    await inTemporaryHome(async (home) => {
      const { child, ready } = startExecutor(home, { minimumTier: 3 });
      const deaths: string[] = [];
      child.onDeath(({ message }) => deaths.push(message));
      await ready;
      const killed = new Set<number>();
      const isGivenUp = (): boolean => {
        if (deaths.length > 0) return true;
        if (!killed.has(child.pid!)) killIfThere(child.pid!);
        killed.add(child.pid!);
        return false;
      };
      expect(await eventually(isGivenUp, BOUND_MS)).toBe(true);
      expect(killed.size).toBeGreaterThan(3);
      expect(deaths).toEqual([expect.stringContaining('the executor was ended by SIGKILL')]);
    });
  }, 120_000);
});
