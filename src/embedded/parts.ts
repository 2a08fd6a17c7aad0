import type { ChildDied } from './child-died';
import type { Home } from './home';
import type { Part } from './part';
import { startPolicyServer } from './policy-server';
import { startTrainerBridge } from './trainer-bridge';

/** How long each is given to end by itself; Ray takes the longest. */
const GRACE_MS = 10_000;

export interface PartsOptions {
  /** Hugging Face folder that the policy server answers from until weights are published to it. */
  policyDir: string;
  /** Threads for arithmetic, for policy server and trainer each: they take turns. */
  threads?: number;
}

/** The processes that the control plane starts for a run, beside its database and its executor. */
export class Parts {
  constructor(
    readonly policyServerUrl: string,
    readonly trainerAddress: string,
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
export async function startParts(home: Home, { policyDir, threads = 1 }: PartsOptions): Promise<Parts> {
  const policyServer = startPolicyServer(home, policyDir, threads);
  const trainer = startTrainerBridge(home, threads);
  const started = [policyServer, trainer];
  try {
    const addresses = await Promise.all([policyServer.ready, trainer.ready]);
    return new Parts(
      ...addresses,
      started.map(({ child }) => child),
    );
  } catch (error) {
    await Promise.allSettled(started.flatMap(({ child, ready }) => [child.stop(GRACE_MS), ready]));
    throw error;
  }
}
