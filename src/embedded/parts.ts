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
  /** Whether the policy answers from servers that someone else started: no policy server is started then. */
  servedElsewhere?: boolean;
  /** Threads for arithmetic, for policy server and trainer each: they take turns. */
  threads?: number;
}

/** The processes that the control plane starts for a run, beside its database and its executor. */
export class Parts {
  constructor(
    readonly trainerAddress: string,
    /** Absent where the policy is served elsewhere. */
    readonly policyServerUrl: string | undefined,
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
  const policyServer = servedElsewhere ? undefined : startPolicyServer(home, policyDir, threads);
  const trainer = startTrainerBridge(home, threads, servedElsewhere ? home.published : undefined);
  const started = [...(policyServer ? [policyServer] : []), trainer];
  try {
    const addresses = await Promise.all([trainer.ready, policyServer?.ready]);
    return new Parts(
      ...addresses,
      started.map(({ child }) => child),
    );
  } catch (error) {
    await Promise.allSettled(started.flatMap(({ child, ready }) => [child.stop(GRACE_MS), ready]));
    throw error;
  }
}
