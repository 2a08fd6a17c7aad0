import { PromptTooLong } from '../../src/domain/errors';
import type { Completion, Rollout } from '../../src/selfplay/episode';
import type { RolloutPool, RolloutServer, SampleRequest } from '../../src/selfplay/ports';

export interface ScriptedAnswer {
  text: string;
  finished?: boolean;
}

const LARGE_CONTEXT = 1_000_000;

/** Characters of a token, as far as lengths are asked for: about what tokenizers make of programs. */
const CHARACTERS_A_TOKEN = 3;

/** A policy that answers from a script; the ids of its tokens are those of the text's characters. */
export class ScriptedPool implements RolloutPool {
  readonly servers: RolloutServer[] = [{ name: 'scripted', url: 'http://scripted' }];
  readonly requests: SampleRequest[] = [];
  policyVersion = 0;

  /**
   * @param answer gives sample `index` of a request
   * @param contextTokens of prompt and new tokens together
   */
  constructor(
    private readonly answer: (request: SampleRequest, index: number) => ScriptedAnswer,
    private readonly contextTokens = LARGE_CONTEXT,
  ) {}

  useVersion(policyVersion: number): void {
    this.policyVersion = policyVersion;
  }

  async sample(request: SampleRequest, signal?: AbortSignal): Promise<Rollout> {
    await Promise.resolve();
    signal?.throwIfAborted();
    this.requests.push(request);
    if (lengthOf(request.prompt) + request.maxTokens > this.contextTokens) {
      throw new PromptTooLong(`prompt and new tokens are more than ${this.contextTokens}`);
    }
    const completions = Array.from({ length: request.samples }, (_, i) => this.complete(request, i));
    const { key, prompt } = request;
    return { key, prompt, promptTokenIds: tokensOf(prompt), completions };
  }

  measure(text: string): Promise<{ tokens: number; contextTokens: number }> {
    return Promise.resolve({ tokens: lengthOf(text), contextTokens: this.contextTokens });
  }

  private complete(request: SampleRequest, index: number): Completion {
    const { text, finished = true } = this.answer(request, index);
    const tokenIds = tokensOf(text);
    return { text, tokenIds, logprobs: tokenIds.map(() => -1), finished, policyVersion: this.policyVersion };
  }
}

const lengthOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

const tokensOf = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
