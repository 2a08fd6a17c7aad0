import { StandInServer } from '../../test/support/stand-in-server';
import { PromptTooLong } from '../domain/errors';
import type { SampleRequest } from '../selfplay/ports';
import { ServerPool } from './server-pool';

const request: SampleRequest = {
  ...{ key: 'propose/0', prompt: 'one two', samples: 1, seed: 3 },
  ...{ temperature: 1, maxTokens: 10, stop: [] },
};

describe('the pool of rollout servers', () => {
  let dialect: StandInServer;
  let url: string;
  beforeEach(async () => {
    dialect = await StandInServer.start();
    url = dialect.url;
  });
  afterEach(() => dialect.stop());

  const poolOf = (maxPromptTokens = 0, where = url) =>
    new ServerPool([{ name: 'rollout-0', url: where }], {
      ...{ model: 'policy', concurrency: 1, timeoutSeconds: 10, maxPromptTokens, cache: 'run' },
    });

  it('measures a text in tokens, as the prompt that it would be', async () => {
    expect(await poolOf().measure('12345')).toEqual({ tokens: 5, contextTokens: 100 });
    const body = { model: 'policy', prompt: '12345', add_special_tokens: true };
    expect(dialect.asked).toEqual([{ path: '/tokenize', body }]);
  });

  it('asks again where a server is busy', async () => {
    dialect.instead.push([503, { error: { message: 'busy' } }], [429, {}]);
    expect(await poolOf().measure('12')).toMatchObject({ tokens: 2 });
    expect(dialect.asked).toHaveLength(3);
  });

  it('names the server that refuses a text or speaks otherwise', async () => {
    dialect.instead.push([400, { error: { message: 'no such model' } }], [200, { count: 'many' }]);
    const where = `rollout server rollout-0 (${url})`;
    await expect(poolOf().measure('')).rejects.toThrow(`${where} refused the request: 400 no such model`);
    await expect(poolOf().measure('')).rejects.toThrow(`${where} did not give count and max_model_len`);
  });

  it('samples with the temperature and top-p that are asked for', async () => {
    await poolOf().sample(request);
    await poolOf().sample({ ...request, temperature: 0, topP: 0.5 });
    expect(dialect.asked.map(({ path, body }) => [path, body['temperature'], body['top_p']])).toEqual([
      ['/v1/completions', 1, 1],
      ['/v1/completions', 0, 0.5],
    ]);
  });

  it('keeps the prefix caches of policy versions apart', async () => {
    const pool = poolOf();
    await pool.sample(request);
    pool.useVersion(1);
    await pool.sample(request);
    expect(dialect.asked.map(({ body }) => body['cache_salt'])).toEqual(['run-v0', 'run-v1']);
  });

  it('takes no fewer samples than were asked for: no rate is ever over some of them', async () => {
    dialect.instead.push([200, { choices: [{ index: 0, prompt_token_ids: [1] }] }]);
    const fewer = poolOf().sample({ ...request, samples: 2 });
    await expect(fewer).rejects.toThrow('did not give 1 choices of 2');
  });

  it('measures prompts first where there is a bound, and never sends one that is longer', async () => {
    const pool = poolOf(7);
    await pool.sample(request);
    expect(dialect.asked.map(({ path }) => path)).toEqual(['/tokenize', '/v1/completions']);
    const long = pool.sample({ ...request, prompt: 'one two.' });
    await expect(long).rejects.toThrow(PromptTooLong);
    await expect(long).rejects.toThrow('the prompt of propose/0 has 8 tokens; rollout.maxPromptTokens is 7');
    expect(dialect.asked).toHaveLength(3);
  });

  it('tells a prompt that does not fit the context from other refusals', async () => {
    const said = "This model's maximum context length is 100 tokens. However, you requested 10 output tokens …";
    dialect.instead.push([400, { error: { message: said } }], [400, { error: { message: 'n must be 1' } }]);
    await expect(poolOf().sample(request)).rejects.toThrow(PromptTooLong);
    await expect(poolOf().sample(request)).rejects.toMatchObject({ name: 'AzrError', kind: 'invalid' });
  });
});
