import type { RunSpec } from '../config/run-spec';
import type { Home } from '../embedded/home';
import { startParts, type Parts } from '../embedded/parts';
import { reachServers, type ReachedServers } from '../rollout/reach-servers';
import type { RunDriver, RunHooks } from '../runs/ports';
import { Budget } from '../selfplay/budget';
import type { RunObserver, RunStore } from '../selfplay/ports';
import type { Run, RunBudget } from '../selfplay/run';
import type { RunSummary } from '../selfplay/run-summary';
import type { Clock } from '../selfplay/stopwatch';
import { duration } from '../telemetry/words';
import { PartDeaths } from './part-deaths';
import { readRunInputs, type RunInputs } from './run-inputs';
import { connectRun } from './run-parts';
import type { RunningExecutor, SharedExecutor } from './shared-executor';

export interface DriverSurroundings {
  home: Home;
  executor: SharedExecutor;
  store: RunStore;
  clock: Clock;
  observe(budget: Budget): RunObserver;
  /** The parts are up: from here on the run ends well when it is asked to stop. */
  started(): void;
}

interface RunningParts {
  executor: RunningExecutor;
  parts: Parts;
  rollout: ReachedServers;
}

/**
 * Executes runs with the executor of the home and a trainer that ends with the run; the policy is served by servers
 * that end with it too, or by those that the settings name.
 */
export class EmbeddedRunDriver implements RunDriver {
  /** How the newest execution ended: undefined when it was asked to stop before the first step. */
  latest: Promise<RunSummary | undefined> | undefined;

  constructor(private readonly around: DriverSurroundings) {}

  check(spec: RunSpec): void {
    readRunInputs(spec, () => undefined);
  }

  drive(run: Run, left: RunBudget, hooks: RunHooks): Promise<RunSummary | undefined> {
    this.latest = this.start(run, left, hooks);
    return this.latest;
  }

  private async start(run: Run, left: RunBudget, hooks: RunHooks): Promise<RunSummary | undefined> {
    const { clock } = this.around;
    const start = clock();
    const budget = new Budget({ ...left, spentBefore: run.spentSeconds, start }, clock);
    const observer = ringing(this.around.observe(budget), hooks);
    const inputs = readRunInputs(run.spec, (message) => observer.note(message));
    const own = run.spec.rollout.servers.length === 0 ? ', policy servers' : '';
    observer.busy(`starting the executor${own} and the trainer`);
    const running = await this.startAll(run.spec, inputs.policyDir);
    const { executor, parts } = running;
    try {
      const startup = clock() - start;
      const what = run.step === 0 ? 'beginning run' : 'going on with run';
      observer.note(`${what} ${run.id}; parts started in ${duration(startup)}; jail of tier ${executor.tier}`);
      await this.around.store.saveJail(run.id, executor);
      if (hooks.stopRequested()) return undefined;
      this.around.started();
      const summary = await this.loop(run, inputs, running, observer, budget, hooks);
      const { tier, pythonVersion } = executor;
      return { ...summary, jail: { tier, pythonVersion }, seconds: { startup, ...summary.seconds } };
    } finally {
      observer.busy('stopping');
      await parts.stop();
    }
  }

  /** All at once. @throws what the first to fail threw; what is the run's own is stopped by then */
  private async startAll({ executor, rollout }: RunSpec, policyDir: string): Promise<RunningParts> {
    const servedElsewhere = rollout.servers.length > 0;
    const elsewhere = servedElsewhere ? await reachServers(rollout.servers) : undefined;
    const reaching = this.around.executor.reach(executor.minimumTier);
    const starting = startParts(this.around.home, { policyDir, servedElsewhere });
    try {
      const [running, parts] = await Promise.all([reaching, starting]);
      return { executor: running, parts, rollout: elsewhere ?? ownServers(parts) };
    } catch (error) {
      await starting.then((parts) => parts.stop()).catch(() => undefined);
      throw error;
    }
  }

  private async loop(
    run: Run,
    inputs: RunInputs,
    { executor, parts, rollout }: RunningParts,
    observer: RunObserver,
    budget: Budget,
    hooks: RunHooks,
  ): Promise<RunSummary> {
    const { home, store, clock } = this.around;
    const deaths = new PartDeaths();
    for (const part of [executor, parts]) part.onDeath(deaths.report);
    const runDir = home.runDir(run.id);
    const { trainerAddress } = parts;
    const connected = connectRun(run, inputs, {
      ...{ store, executor, rollout, trainerAddress },
      ...{ observer, clock, runDir },
    });
    try {
      return await deaths.explain(connected.loop.go(budget, hooks.stopRequested));
    } finally {
      connected.close();
    }
  }
}

/** Under the name that our policy servers serve a policy by. */
const ownServers = ({ policyServerUrls }: Parts): ReachedServers => ({
  servers: policyServerUrls.map((url, index) => ({ name: `policy-server-${index + 1}`, url })),
  model: 'policy',
});

/** Tells watchers as well: most of what an observer hears was stored just before. */
const ringing = (observer: RunObserver, { changed }: RunHooks): RunObserver => ({
  stepStarted: (step) => observer.stepStarted(step),
  responsesLanded: (tokens) => observer.responsesLanded(tokens),
  stepCommitted: (record, buffer) => {
    observer.stepCommitted(record, buffer);
    changed();
  },
  alarm: (alarm, message) => {
    observer.alarm(alarm, message);
    changed();
  },
  busy: (what) => {
    observer.busy(what);
    changed();
  },
  note: (message) => {
    observer.note(message);
    changed();
  },
});
