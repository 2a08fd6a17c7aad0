import type { Rollout } from '../selfplay/episode';
import type { RolloutPool, RolloutServer, SampleRequest } from '../selfplay/ports';
import { CompletionsClient } from './completions-client';
import { Semaphore } from './semaphore';

export interface PoolOptions {
  /** Name under which the servers serve the policy. */
  model: string;
  /** Requests in flight at a time, over all servers. */
  concurrency: number;
  timeoutSeconds: number;
}

/** Rollout servers that answer from the same policy; a request goes to the one with the fewest in flight. */
export class ServerPool implements RolloutPool {
  private readonly clients: { client: CompletionsClient; inFlight: number }[];
  private readonly gate: Semaphore;
  private policyVersion = 0;

  constructor(
    readonly servers: readonly RolloutServer[],
    { model, concurrency, timeoutSeconds }: PoolOptions,
  ) {
    this.clients = servers.map((server) => ({
      client: new CompletionsClient(server, model, timeoutSeconds),
      inFlight: 0,
    }));
    this.gate = new Semaphore(concurrency);
  }

  useVersion(policyVersion: number): void {
    this.policyVersion = policyVersion;
  }

  sample(request: SampleRequest, signal?: AbortSignal): Promise<Rollout> {
    return this.gate.run(async () => {
      signal?.throwIfAborted();
      const entry = this.clients.reduce((least, other) => (other.inFlight < least.inFlight ? other : least));
      entry.inFlight++;
      try {
        return await entry.client.sample(request, this.policyVersion, signal);
      } finally {
        entry.inFlight--;
      }
    });
  }
}
