import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, type Home } from '../embedded/home';
import { startPolicyServer } from '../embedded/policy-server';
import type { ExecutorEndpoint } from '../executor/client';
import { Closers } from './closers';
import { PartDeaths } from './part-deaths';
import { SharedExecutor } from './shared-executor';
import { StopSignals } from './stop-signals';

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
export async function withPolicy<T>(
  { policy, executor: elsewhere, minimumTier }: PolicySurroundings,
  work: (parts: PolicyParts) => Promise<T>,
): Promise<T> {
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  const deaths = new PartDeaths();
  try {
    const folder = closers.add(mkdtempSync(join(tmpdir(), 'azr-policy-')), remove);
    const home = closers.add(await openHome(folder), (opened) => opened.close());
    const executor = new SharedExecutor(home, elsewhere).reach(minimumTier);
    const serverUrl = 'url' in policy ? policy.url : startServer(home, policy.dir, deaths);
    const ready = Promise.all([serverUrl, executor]);
    const working = ready.then(([url, running]) => work({ serverUrl: url, executor: running }));
    return await Promise.race([signals.interrupted, deaths.explain(working)]);
  } finally {
    await closers.closeAll(() => undefined);
    signals.close();
  }
}

function startServer(home: Home, dir: string, deaths: PartDeaths): Promise<string> {
  const { child, ready } = startPolicyServer(home, dir, THREADS);
  child.onDeath(deaths.report);
  return ready;
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
