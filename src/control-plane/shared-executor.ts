import { PartUnavailable } from '../domain/errors';
import type { ChildDied } from '../embedded/child-died';
import { startExecutor } from '../embedded/executor';
import type { Home } from '../embedded/home';
import { ExecutorClient, type ExecutorEndpoint } from '../executor/client';

const GRACE_MS = 10_000;

/** An executor that runs. */
export interface RunningExecutor extends ExecutorEndpoint {
  /** What its jail was proved to hold, 0 to 3. */
  tier: number;
  /** Version of the CPython that runs programs. */
  pythonVersion: string;
  /** Calls `callback` if it ends without having been asked to. */
  onDeath(callback: (death: ChildDied) => void): void;
}

/**
 * The one executor of a home, for its runs and for those who ask for verdicts. It is started when it is needed, again
 * when it has died, and ends with the home; or it is one that runs elsewhere.
 */
export class SharedExecutor {
  private running: RunningExecutor | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  /** @param elsewhere the executor to use instead of one of its own */
  constructor(
    private readonly home: Home,
    private readonly elsewhere?: ExecutorEndpoint,
  ) {}

  /**
   * The executor, once it runs.
   * @param minimumTier weakest jail that is good enough, 0 to 3
   * @throws PartUnavailable where the jail is weaker, or it does not start
   */
  reach(minimumTier: number): Promise<RunningExecutor> {
    // One after the other: where one asks for too much, the next may not.
    const reached = this.turn.then(async () => {
      this.running ??= this.elsewhere ? await find(this.elsewhere) : await this.start(minimumTier);
      const { tier } = this.running;
      if (tier <= minimumTier) return this.running;
      throw new PartUnavailable(
        'executor',
        `its jail reaches only tier ${tier}; ${minimumTier} or better is asked for`,
      );
    });
    this.turn = reached.catch(() => undefined);
    return reached;
  }

  private async start(minimumTier: number): Promise<RunningExecutor> {
    const { child, ready } = startExecutor(this.home, { minimumTier });
    try {
      const address = await ready;
      const { tier, pythonVersion } = await capabilitiesOf({ address });
      child.onDeath(() => (this.running = undefined));
      return { address, tier, pythonVersion, onDeath: (callback) => child.onDeath(callback) };
    } catch (error) {
      await child.stop(GRACE_MS);
      throw error;
    }
  }
}

/** Nobody here answers for it: while it is away its clients try again, and then say so. */
async function find(endpoint: ExecutorEndpoint): Promise<RunningExecutor> {
  const { tier, pythonVersion } = await capabilitiesOf(endpoint);
  return { ...endpoint, tier, pythonVersion, onDeath: () => undefined };
}

async function capabilitiesOf({ address, tls }: ExecutorEndpoint): Promise<{ tier: number; pythonVersion: string }> {
  const client = new ExecutorClient(address, tls);
  try {
    return await client.capabilities();
  } finally {
    client.close();
  }
}
