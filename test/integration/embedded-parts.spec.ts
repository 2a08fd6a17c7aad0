import { startParts } from '../../src/embedded/parts';
import { descendantsOf, eventually, survivors } from '../support/processes';
import { inTemporaryHome } from '../support/temporary-home';

describe('the parts', () => {
  it(
    'are stopped when one of them cannot start, and the reason is given',
    () =>
      inTemporaryHome(async (home) => {
        const starting = startParts(home, { policyDir: '/nowhere' });
        starting.catch(() => undefined);
        const children = descendantsOf(process.pid);
        await expect(starting).rejects.toThrow(/^the policy server ended with exit code 1: .*\/nowhere/);
        expect(children.length).toBeGreaterThanOrEqual(2);
        expect(await eventually(() => survivors(children).length === 0, 10_000)).toBe(true);
      }),
    120_000,
  );

  it(
    'are stopped by the home that is closed while they start',
    () =>
      inTemporaryHome(async (home) => {
        const starting = startParts(home, { policyDir: '/nowhere' });
        starting.catch(() => undefined);
        const children = descendantsOf(process.pid);
        await home.close();
        await expect(starting).rejects.toThrow();
        expect(await eventually(() => survivors(children).length === 0, 10_000)).toBe(true);
      }),
    120_000,
  );
});
