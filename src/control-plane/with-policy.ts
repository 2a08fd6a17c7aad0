import type { Home } from '../embedded/home';
import { startPolicyServer } from '../embedded/policy-server';
import type { ExecutorEndpoint } from '../executor/client';
import { PartDeaths } from './part-deaths';
import { SharedExecutor } from './shared-executor';
import { withTemporaryHome } from './with-temporary-home';

/** A policy: a Hugging Face folder, for which a server is started, or a server that runs already. */
export type ChosenPolicy = { dir: string } | { url: string };

export interface PolicySurroundings {
  policy: ChosenPolicy;
  /** Where programs run, if not in an executor of its own. */
  executor?: ExecutorEndpoint;
  /** Weakest jail that they may run in. */
  minimumTier: number;
}

/** What answers and what judges. */
export interface PolicyParts {
  /** Base URL of the server that answers from the policy. */
  serverUrl: string;
  executor: ExecutorEndpoint;
}

const THREADS = 1;

/**
 * Does some work with a policy server and an executor, and nothing else. Whatever comes of it, nothing is left behind,
 * also when someone asks to stop.
 * @throws AzrError where one cannot be started, or ends while it is needed
 */
export const withPolicy = <T>(
  { policy, executor: elsewhere, minimumTier }: PolicySurroundings,
  work: (parts: PolicyParts) => Promise<T>,
): Promise<T> =>
  withTemporaryHome((home) => {
    const deaths = new PartDeaths();
    const executor = new SharedExecutor(home, elsewhere).reach(minimumTier);
    const serverUrl = 'url' in policy ? policy.url : startServer(home, policy.dir, deaths);
    const ready = Promise.all([serverUrl, executor]);
    return deaths.explain(ready.then(([url, running]) => work({ serverUrl: url, executor: running })));
  });

function startServer(home: Home, dir: string, deaths: PartDeaths): Promise<string> {
  const { child, ready } = startPolicyServer(home, dir, THREADS);
  child.onDeath(deaths.report);
  return ready;
}
