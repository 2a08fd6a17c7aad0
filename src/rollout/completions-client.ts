import OpenAI, { APIConnectionError, APIError } from 'openai';
import { AzrError, messageOf, PartUnavailable, PromptTooLong } from '../domain/errors';
import type { Completion, Rollout } from '../selfplay/episode';
import type { RolloutServer, SampleRequest } from '../selfplay/ports';
import { routeOf } from './route-of';

/** How vLLM says that prompt and new tokens do not fit into the context together. */
const TOO_LONG = /maximum context length/;

/** vLLM's choice: the standard one, with the token ids that are trained on. */
interface Choice extends OpenAI.CompletionChoice {
  token_ids: number[] | null;
  prompt_token_ids: number[] | null;
}

/** What vLLM's `/tokenize` says of a text. */
interface Tokenized {
  count: number;
  max_model_len: number;
}

/** Tokens of a text, and of the longest sequence that the policy takes. */
export interface Measure {
  tokens: number;
  contextTokens: number;
}

export interface ClientOptions {
  /** Name under which the server serves the policy. */
  model: string;
  /** Bound on one request. */
  timeoutSeconds: number;
  /**
   * Prefix caches of different names are kept apart, and in each those of different policy versions. Without `@`, `/`
   * or a backslash.
   */
  cache: string;
}

/** One rollout server, in the dialect of vLLM's `/v1/completions` and `/tokenize`. */
export class CompletionsClient {
  private readonly client: OpenAI;
  private readonly tokenizeUrl: string;
  private readonly model: string;
  private readonly cache: string;

  constructor(
    readonly server: RolloutServer,
    { model, timeoutSeconds, cache }: ClientOptions,
  ) {
    this.model = model;
    this.cache = cache;
    this.tokenizeUrl = routeOf(server.url, 'tokenize');
    this.client = new OpenAI({
      baseURL: routeOf(server.url, 'v1'),
      apiKey: 'unused',
      timeout: timeoutSeconds * 1_000,
      maxRetries: 4, // of refused connections, timeouts, 429 and 5xx, with backoff; Retry-After is heeded
    });
  }

  /** @throws PartUnavailable when the server does not answer; AzrError when it refuses the request */
  async sample(request: SampleRequest, policyVersion: number, signal?: AbortSignal): Promise<Rollout> {
    const body = {
      model: this.model,
      prompt: request.prompt,
      n: request.samples,
      seed: request.seed,
      temperature: request.temperature,
      top_p: request.topP ?? 1,
      max_tokens: request.maxTokens,
      stop: request.stop.length > 0 ? [...request.stop] : undefined,
      include_stop_str_in_output: true,
      logprobs: 0,
      return_token_ids: true,
      cache_salt: `${this.cache}-v${policyVersion}`,
    };
    try {
      const { choices } = await this.client.completions.create(body, { signal });
      return this.toRollout(request, choices as Choice[], policyVersion);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /**
   * How long a text is as a prompt. Bounded and tried again as samples are.
   * @throws PartUnavailable when the server does not answer; AzrError when it refuses the text
   */
  async measure(text: string, signal?: AbortSignal): Promise<Measure> {
    const body = { model: this.model, prompt: text, add_special_tokens: true };
    try {
      const answer = await this.client.post<Tokenized>(this.tokenizeUrl, { body, signal });
      const { count: tokens, max_model_len: contextTokens } = answer;
      if (Number.isSafeInteger(tokens) && Number.isSafeInteger(contextTokens)) return { tokens, contextTokens };
      throw this.dialect('count and max_model_len of a text');
    } catch (error) {
      throw this.explain(error);
    }
  }

  private toRollout(request: SampleRequest, choices: Choice[], policyVersion: number): Rollout {
    const ordered = [...choices].sort((a, b) => a.index - b.index);
    const promptTokenIds = ordered[0]?.prompt_token_ids;
    if (ordered.length !== request.samples || !promptTokenIds) {
      throw this.dialect(`${ordered.length} choices of ${request.samples}, with prompt_token_ids`);
    }
    const completions = ordered.map((choice) => this.toCompletion(choice, policyVersion));
    return { key: request.key, prompt: request.prompt, promptTokenIds, completions };
  }

  private toCompletion(choice: Choice, policyVersion: number): Completion {
    const logprobs = choice.logprobs?.token_logprobs;
    if (!choice.token_ids || logprobs?.length !== choice.token_ids.length) {
      throw this.dialect('token_ids and one log-probability for each of them');
    }
    const finished = choice.finish_reason === 'stop';
    return { text: choice.text, tokenIds: choice.token_ids, logprobs, finished, policyVersion };
  }

  private dialect(wanted: string): AzrError {
    return new AzrError('internal', `rollout server ${this.server.name} (${this.server.url}) did not give ${wanted}`);
  }

  private explain(error: unknown): unknown {
    if (error instanceof AzrError) return error;
    const where = `rollout server ${this.server.name} (${this.server.url})`;
    if (error instanceof APIConnectionError) {
      return new PartUnavailable(this.server.name, `${where} does not answer: ${messageOf(error.cause ?? error)}`);
    }
    if (error instanceof APIError) {
      const said = messageOf(error);
      if (TOO_LONG.test(said)) return new PromptTooLong(`${where}: ${said}`);
      const kind = error.status !== undefined && error.status < 500 ? 'invalid' : 'unavailable';
      return new AzrError(kind, `${where} refused the request: ${said}`);
    }
    return error;
  }
}
