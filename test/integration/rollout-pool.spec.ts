import { shippedOr } from '../../src/config/shipped';
import { PartUnavailable, PromptTooLong } from '../../src/domain/errors';
import { startPolicyServer } from '../../src/embedded/policy-server';
import { ServerPool } from '../../src/rollout/server-pool';
import type { SampleRequest } from '../../src/selfplay/ports';
import { inTemporaryHome } from '../support/temporary-home';

const request: SampleRequest = {
  ...{ key: 'solve/0', prompt: '<ded>def f(x):\n x=x+1\n return x<in>1<think>', samples: 4, seed: 1 },
  ...{ temperature: 1, maxTokens: 20, stop: [] },
};

const poolAt = (url: string, maxPromptTokens = 0) =>
  new ServerPool([{ name: 'policy-server', url }], {
    ...{ model: 'policy', concurrency: 4, timeoutSeconds: 30, maxPromptTokens },
  });

it(
  'the pool and the policy server agree on lengths, greedy samples and prompts that are too long',
  () =>
    inTemporaryHome(async (home) => {
      const server = startPolicyServer(home, shippedOr('shipped', 'policy'), 1);
      const url = await server.ready;
      const pool = poolAt(url);

      const rollout = await pool.sample(request);
      const { tokens, contextTokens } = await pool.measure(request.prompt);
      expect(tokens).toBe(rollout.promptTokenIds.length);
      expect(contextTokens).toBeGreaterThan(tokens + request.maxTokens);
      expect(await pool.measure('\u2028é😀')).toEqual({ tokens: 9, contextTokens });

      const greedy = await Promise.all(
        [1, 2].map((seed) => pool.sample({ ...request, samples: 1, seed, temperature: 0, topP: 0.9 })),
      );
      expect(greedy[0]!.completions).toEqual(greedy[1]!.completions);
      expect(new Set(rollout.completions.map(({ text }) => text)).size).toBeGreaterThan(1);

      const room = contextTokens - tokens;
      expect((await pool.sample({ ...request, samples: 1, maxTokens: room })).completions).toHaveLength(1);
      await expect(pool.sample({ ...request, maxTokens: room + 1 })).rejects.toThrow(PromptTooLong);
      expect((await poolAt(url, tokens).sample(request)).promptTokenIds).toHaveLength(tokens);
      await expect(poolAt(url, tokens - 1).sample(request)).rejects.toThrow(
        `the prompt of solve/0 has ${tokens} tokens; rollout.maxPromptTokens is ${tokens - 1}`,
      );

      await server.child.stop(10_000);
      const unanswered = pool.measure('1');
      await expect(unanswered).rejects.toThrow(PartUnavailable);
      await expect(unanswered).rejects.toThrow(`rollout server policy-server (${url}) does not answer`);
    }),
  120_000,
);
