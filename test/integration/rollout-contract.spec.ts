import { shippedOr } from '../../src/config/shipped';
import { startPolicyServer } from '../../src/embedded/policy-server';
import { ServerPool } from '../../src/rollout/server-pool';
import { rolloutContract, type ContractServer } from '../support/rollout-contract';
import { StandInServer } from '../support/stand-in-server';
import { openTemporaryHome } from '../support/temporary-home';

const START_MS = 120_000;

/** The same suite is run against a real vLLM by `npm run test:vllm`. */
describe('the rollout client and the stand-in agree', () => {
  rolloutContract(async () => {
    const server = await StandInServer.start();
    return { url: server.url, model: 'policy', stop: () => server.stop() };
  }, START_MS);
});

describe('the rollout client and the policy server agree', () => {
  rolloutContract(async (): Promise<ContractServer> => {
    const { home, close } = await openTemporaryHome();
    const server = startPolicyServer(home, shippedOr('shipped', 'policy'), 1);
    const url = await server.ready;
    const pool = new ServerPool([{ name: 'policy-server', url }], {
      ...{ model: 'policy', concurrency: 1, timeoutSeconds: 30, maxPromptTokens: 0, cache: 'characters' },
    });
    expect(await pool.measure('\u2028é😀')).toMatchObject({ tokens: 9 });
    return { url, model: 'policy', stop: close };
  }, START_MS);
});
