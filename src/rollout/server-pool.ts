import { PromptTooLong } from '../domain/errors';
import type { Rollout } from '../selfplay/episode';
import type { RolloutPool, RolloutServer, SampleRequest } from '../selfplay/ports';
import { CompletionsClient, type ClientOptions, type Measure } from './completions-client';
import { Semaphore } from '../domain/semaphore';

export interface PoolOptions extends ClientOptions {
  /** Requests in flight at a time, over all servers. */
  concurrency: number;
  /** Tokens of a prompt; 0 leaves it to the context. */
  maxPromptTokens: number;
}

/** Rollout servers that answer from the same policy; a request goes to the one with the fewest in flight. */
export class ServerPool implements RolloutPool {
  private readonly clients: { client: CompletionsClient; inFlight: number }[];
  private readonly gate: Semaphore;
  private readonly maxPromptTokens: number;
  private policyVersion = 0;

  constructor(
    readonly servers: readonly RolloutServer[],
    { concurrency, maxPromptTokens, ...options }: PoolOptions,
  ) {
    this.maxPromptTokens = maxPromptTokens;
    this.clients = servers.map((server) => ({
      client: new CompletionsClient(server, options),
      inFlight: 0,
    }));
    this.gate = new Semaphore(concurrency);
  }

  useVersion(policyVersion: number): void {
    this.policyVersion = policyVersion;
  }

  sample(request: SampleRequest, signal?: AbortSignal): Promise<Rollout> {
    return this.withClient(async (client) => {
      if (this.maxPromptTokens > 0) await this.refuseLongPrompt(client, request, signal);
      return client.sample(request, this.policyVersion, signal);
    }, signal);
  }

  measure(text: string): Promise<Measure> {
    return this.withClient((client) => client.measure(text));
  }

  private withClient<T>(work: (client: CompletionsClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.gate.run(async () => {
      signal?.throwIfAborted();
      const entry = this.clients.reduce((least, other) => (other.inFlight < least.inFlight ? other : least));
      entry.inFlight++;
      try {
        return await work(entry.client);
      } finally {
        entry.inFlight--;
      }
    });
  }

  private async refuseLongPrompt(client: CompletionsClient, request: SampleRequest, signal?: AbortSignal) {
    const { tokens } = await client.measure(request.prompt, signal);
    if (tokens <= this.maxPromptTokens) return;
    const limit = `rollout.maxPromptTokens is ${this.maxPromptTokens}`;
    throw new PromptTooLong(`the prompt of ${request.key} has ${tokens} tokens; ${limit}`);
  }
}
