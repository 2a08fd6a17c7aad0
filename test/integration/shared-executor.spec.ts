import { SharedExecutor } from '../../src/control-plane/shared-executor';
import { ExecutorAdapter } from '../../src/executor/executor-adapter';
import { descendantsOf, eventually, killIfThere, processesNaming, survivors } from '../support/processes';
import { inTemporaryHome } from '../support/temporary-home';

const BOUND_MS = 60_000;
const LIMITS = { timeoutMs: 1_000, memoryMib: 64, outputBytes: 100 };

describe('the executor of a home', () => {
  it(
    'is started at the first need, is one for all who need it, and ends with the home',
    () =>
      inTemporaryHome(async (home) => {
        const shared = new SharedExecutor(home);
        const before = descendantsOf(process.pid);
        expect(processesNaming(home.sockets)).toEqual([]);
        const [one, other] = await Promise.all([shared.reach(2), shared.reach(3)]);
        expect(other).toBe(one);
        expect([1, 2]).toContain(one.tier);
        expect(processesNaming(`${home.sockets}/executor`)).toHaveLength(1);
        const adapter = new ExecutorAdapter(one.address);
        expect(await adapter.runAcross('def f():\n    return 1', [''], LIMITS)).toEqual([
          Array(3).fill({ status: 'ok', output: '1' }),
        ]);
        adapter.close();
        const family = descendantsOf(process.pid).filter((it) => !before.includes(it));
        await home.close();
        expect(await eventually(() => survivors(family).length === 0, BOUND_MS)).toBe(true);
      }),
    2 * BOUND_MS,
  );

  it(
    'is refused to whoever needs a stronger jail, and had by the next who does not',
    () =>
      inTemporaryHome(async (home) => {
        const shared = new SharedExecutor(home);
        // Tier 0 is declared, never found.
        await expect(shared.reach(0)).rejects.toThrow(/tier 0|minimumTier/);
        const { tier } = await shared.reach(2);
        await expect(shared.reach(0)).rejects.toMatchObject({
          kind: 'unavailable',
          message: `its jail reaches only tier ${tier}; 0 or better is asked for`,
        });
      }),
    2 * BOUND_MS,
  );

  it(
    'is started anew when it was given up, and its users hear of that',
    () =>
      inTemporaryHome(async (home) => {
        const shared = new SharedExecutor(home);
        const first = await shared.reach(2);
        const before = descendantsOf(process.pid);
        let isGivenUp = false;
        first.onDeath(() => (isGivenUp = true));
        const killed = await eventually(() => {
          for (const identity of descendantsOf(process.pid)) killIfThere(Number(identity.split(' ')[0]));
          return isGivenUp;
        }, BOUND_MS);
        expect(killed).toBe(true);
        expect(survivors(before)).toEqual([]);
        const second = await shared.reach(2);
        expect(second).not.toBe(first);
        expect(second.address).toBe(first.address);
      }),
    2 * BOUND_MS,
  );
});
