import { StandInServer } from '../../test/support/stand-in-server';
import { reachServers } from './reach-servers';

type Options = Parameters<typeof StandInServer.start>[0];

describe('servers that someone else started', () => {
  const running: StandInServer[] = [];
  const start = async (options?: Options): Promise<string> => {
    const server = await StandInServer.start(options);
    running.push(server);
    return server.url;
  };
  afterEach(() => running.splice(0).forEach((server) => server.stop()));

  it('are used under the name that all of them serve the policy by', async () => {
    const urls = [await start({ models: ['qwen'] }), `${await start({ models: ['qwen'] })}/`];
    expect(await reachServers(urls)).toEqual({
      servers: urls.map((url, index) => ({ name: `rollout.servers[${index}]`, url })),
      model: 'qwen',
    });
  });

  it('are all named that do not answer, or take no weights', async () => {
    const [good, gone, stubborn] = [await start(), await start(), await start({ takesWeights: false })];
    running[1]!.stop();
    const reaching = reachServers([good, gone, stubborn]);
    await expect(reaching).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(reaching).rejects.toThrow(`rollout.servers: the rollout server at ${gone} does not answer`);
    await expect(reaching).rejects.toThrow(`the rollout server at ${stubborn} answers /weight_info with status 404`);
    await expect(reaching).rejects.toThrow(/VLLM_SERVER_DEV_MODE=1/);
    await expect(reaching).rejects.not.toThrow(good);
  });

  it('have to serve one policy, under one name', async () => {
    const [one, other, both] = [await start(), await start({ models: ['b'] }), await start({ models: ['b', 'c'] })];
    await expect(reachServers([one, other])).rejects.toThrow(
      `rollout.servers: ${one} serves policy and ${other} b: give both the same --served-model-name`,
    );
    await expect(reachServers([both])).rejects.toThrow('serves b, c, where one policy is expected');
  });
});
