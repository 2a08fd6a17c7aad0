import { AzrError, PartUnavailable, PromptTooLong } from '../../src/domain/errors';
import { servedModels } from '../../src/rollout/served-models';
import { ServerPool, type PoolOptions } from '../../src/rollout/server-pool';
import type { SampleRequest } from '../../src/selfplay/ports';

const MINUTE = 60_000;

/** A rollout server that the client is held against. */
export interface ContractServer {
  url: string;
  /** The one that it serves. */
  model: string;
  stop(): Promise<void> | void;
}

const request: SampleRequest = {
  ...{ key: 'solve/0', prompt: '<ded>def f(x):\n x=x+1\n return x<in>1<think>', samples: 4, seed: 1 },
  ...{ temperature: 1, maxTokens: 20, stop: [] },
};

/** Answered in many ways. */
const PROPOSAL = '<gen-ded><prog>def f(x):\n x=x+1\n return x<in>1<out>2<think>';

/** What the rollout client and any server agree on; the server is stopped by the last of the tests. */
export function rolloutContract(start: () => Promise<ContractServer>, startMs: number): void {
  let server: ContractServer;
  let pool: ServerPool;
  const poolWith = (options: Partial<PoolOptions> = {}) =>
    new ServerPool([{ name: 'rollout-0', url: server.url }], {
      ...{ model: server.model, concurrency: 16, timeoutSeconds: 60, maxPromptTokens: 0, cache: 'contract' },
      ...options,
    });
  beforeAll(async () => {
    server = await start();
    pool = poolWith();
  }, startMs);
  afterAll(() => server?.stop());

  const agree = (what: string, check: () => Promise<void>): void => void it(what, check, MINUTE);
  const tokensOf = async (asked: Partial<SampleRequest>): Promise<number[][]> =>
    (await pool.sample({ ...request, ...asked })).completions.map(({ tokenIds }) => tokenIds);

  agree('on what is served', async () => {
    expect(await servedModels(server.url)).toEqual([server.model]);
    const misnamed = poolWith({ model: 'another' }).sample(request);
    await expect(misnamed).rejects.toThrow(`rollout server rollout-0 (${server.url}) refused the request`);
    await expect(misnamed).rejects.toMatchObject({ kind: 'invalid' } satisfies Partial<AzrError>);
  });

  agree('on each token of each sample, and on its log-probability', async () => {
    pool.useVersion(3);
    const { completions } = await pool.sample({ ...request, prompt: PROPOSAL });
    expect(completions).toHaveLength(request.samples);
    for (const { tokenIds, logprobs, finished, policyVersion } of completions) {
      expect([logprobs.length, policyVersion]).toEqual([tokenIds.length, 3]);
      expect(tokenIds.length).toBeGreaterThan(0);
      expect(finished || tokenIds.length === request.maxTokens).toBe(true);
      for (const logprob of logprobs) expect(logprob).toBeLessThanOrEqual(0);
    }
    expect(new Set(completions.map(({ tokenIds }) => `${tokenIds}`)).size).toBeGreaterThan(1);
  });

  agree('that sample i is drawn with seed + i, whatever else is asked at the same time', async () => {
    const together = await tokensOf({ seed: 5 });
    const alone = await Promise.all([5, 6, 7, 8].map((seed) => tokensOf({ seed, samples: 1 })));
    expect(alone.flat()).toEqual(together);
  });

  agree('that greedy samples do not depend on the seed', async () => {
    const greedy = { samples: 1, temperature: 0, topP: 0.9 };
    const [first, second] = await Promise.all([1, 2].map((seed) => tokensOf({ ...greedy, seed })));
    expect(first).toEqual(second);
  });

  agree('that a stop string ends a text and is part of it', async () => {
    const greedy = { ...request, samples: 1, temperature: 0 };
    const whole = (await pool.sample(greedy)).completions[0]!.text;
    const stop = whole.slice(0, 1);
    expect((await pool.sample({ ...greedy, stop: [stop] })).completions[0]).toMatchObject({
      text: stop,
      finished: true,
    });
  });

  agree('on how long a prompt is, and what the context holds', async () => {
    const { promptTokenIds } = await pool.sample(request);
    const { tokens, contextTokens } = await pool.measure(request.prompt);
    expect(tokens).toBe(promptTokenIds.length);
    expect(await tokensOf({ samples: 1, maxTokens: contextTokens - tokens })).toHaveLength(1);
    // How much must be left for the response differs: vLLM cuts it where the context ends, our server refuses.
    await expect(pool.sample({ ...request, prompt: request.prompt.repeat(contextTokens) })).rejects.toThrow(
      PromptTooLong,
    );
    expect((await poolWith({ maxPromptTokens: tokens }).sample(request)).promptTokenIds).toEqual(promptTokenIds);
    await expect(poolWith({ maxPromptTokens: tokens - 1 }).sample(request)).rejects.toThrow(
      `the prompt of solve/0 has ${tokens} tokens; rollout.maxPromptTokens is ${tokens - 1}`,
    );
  });

  agree('that a sample is given up when nobody waits for it any more', async () => {
    const lone = poolWith({ concurrency: 1 });
    const leaving = new AbortController();
    const left = lone.sample({ ...request, samples: 32 }, leaving.signal);
    leaving.abort();
    await expect(left).rejects.toThrow(/abort/i);
    expect((await lone.sample(request)).completions).toHaveLength(request.samples);
  });

  agree('that a server which is gone does not answer', async () => {
    await server.stop();
    const unanswered = pool.measure('1');
    await expect(unanswered).rejects.toThrow(PartUnavailable);
    await expect(unanswered).rejects.toThrow(`rollout server rollout-0 (${server.url}) does not answer`);
  });
}
