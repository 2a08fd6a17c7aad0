import { availableParallelism } from 'node:os';
import type { ChildDied } from './child-died';
import type { Home } from './home';
import type { Part } from './part';
import { startPolicyServer } from './policy-server';
import { startTrainerBridge } from './trainer-bridge';

/** How long each is given to end by itself; Ray takes the longest. */
const GRACE_MS = 10_000;

/** Each decodes with one thread, and keeps a core busy while the policy answers. */
const MOST_POLICY_SERVERS = 4;

export interface PartsOptions {
  /** Hugging Face folder that the policy servers answer from until weights are published to them. */
  policyDir: string;
  /** Whether the policy answers from servers that someone else started: no policy server is started then. */
  servedElsewhere?: boolean;
  /** Threads for arithmetic, for each policy server and for the trainer. */
  threads?: number;
}

/** The processes that the control plane starts for a run, beside its database and its executor. */
export class Parts {
  constructor(
    readonly trainerAddress: string,
    /** None where the policy is served elsewhere. */
    readonly policyServerUrls: readonly string[],
    /** In the order in which they were started. */
    private readonly children: readonly Part[],
  ) {}

  /** Calls `callback` for each that ends without having been asked to. */
  onDeath(callback: (death: ChildDied) => void): void {
    for (const child of this.children) child.onDeath(callback);
  }

  /** Stops them, last started first; never rejects. */
  async stop(): Promise<void> {
    for (const child of [...this.children].reverse()) await child.stop(GRACE_MS);
  }
}

/**
 * Starts them all at once.
 * @throws what the first of them to fail threw; the others are stopped by then
 */
export async function startParts(
  home: Home,
  { policyDir, servedElsewhere = false, threads = 1 }: PartsOptions,
): Promise<Parts> {
  const servers = servedElsewhere ? 0 : Math.min(availableParallelism(), MOST_POLICY_SERVERS);
  const policyServers = Array.from({ length: servers }, (_, index) =>
    startPolicyServer(home, policyDir, threads, index + 1),
  );
  const trainer = startTrainerBridge(home, threads, servedElsewhere ? home.published : undefined);
  const started = [...policyServers, trainer];
  try {
    const [address, ...urls] = await Promise.all([trainer, ...policyServers].map(({ ready }) => ready));
    return new Parts(
      address!,
      urls,
      started.map(({ child }) => child),
    );
  } catch (error) {
    await Promise.allSettled(started.flatMap(({ child, ready }) => [child.stop(GRACE_MS), ready]));
    throw error;
  }
}
