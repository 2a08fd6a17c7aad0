import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shippedOr } from '../../src/config/shipped';
import { startPolicyServer } from '../../src/embedded/policy-server';
import { Azr, SMALL } from '../support/azr';
import { openTemporaryHome } from '../support/temporary-home';

const MINUTE = 60_000;

describe('azr train, with rollout servers that someone else started', () => {
  let elsewhere: Awaited<ReturnType<typeof openTemporaryHome>>;
  let servers: { url: string; stop(): Promise<void> }[];
  let home: string;

  beforeAll(async () => {
    elsewhere = await openTemporaryHome();
    home = join(elsewhere.home.path, 'trained');
    const starting = [0, 1].map(() => startPolicyServer(elsewhere.home, shippedOr('shipped', 'policy'), 1));
    servers = await Promise.all(
      starting.map(async ({ child, ready }) => ({ url: await ready, stop: () => child.stop(10_000) })),
    );
  }, 2 * MINUTE);
  afterAll(() => elsewhere?.close());

  const train = (urls: string[]) => {
    const set = `rollout.servers=${JSON.stringify(urls)}`;
    return new Azr('train', '--home', home, ...SMALL, '--set', set, '--steps', '1', '--json').ended;
  };
  const versions = () =>
    Promise.all(
      servers.map(async ({ url }) => {
        const answer = await fetch(`${url}/weight_info`);
        return ((await answer.json()) as { weight_version: string }).weight_version;
      }),
    );

  it(
    'publishes to all of them, and goes on with others; one that does not answer is named',
    async () => {
      const urls = servers.map(({ url }) => url);
      expect(await train(urls)).toMatchObject({ code: 0, stdout: expect.stringContaining('"policyVersion":1') });
      expect(await versions()).toEqual(['1', '1']);
      expect(existsSync(join(home, 'logs', 'policy-server.log'))).toBe(false);
      expect(readdirSync(join(home, 'published'))).toEqual(['weights-v1.safetensors']);

      expect(await train(urls.slice(1))).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"policyVersion":2'),
      });
      expect(await versions()).toEqual(['1', '2']);

      await servers[0]!.stop();
      const { code, stderr } = await train(urls);
      expect(code).toBe(1);
      expect(stderr).toContain(
        `rollout.servers: the rollout server at ${urls[0]} does not answer: connect ECONNREFUSED`,
      );
    },
    5 * MINUTE,
  );
});
