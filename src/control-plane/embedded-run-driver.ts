import type { RunSpec } from '../config/run-spec';
import type { Home } from '../embedded/home';
import { startParts, type Parts } from '../embedded/parts';
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
}

/** Executes runs with the executor of the home, and with a policy server and a trainer that end with the run. */
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
    observer.busy('starting the executor, the policy server and the trainer');
    const [executor, parts] = await this.startAll(run.spec.executor.minimumTier, inputs.policyDir);
    try {
      const startup = clock() - start;
      const what = run.step === 0 ? 'beginning run' : 'going on with run';
      observer.note(`${what} ${run.id}; parts started in ${duration(startup)}; jail of tier ${executor.tier}`);
      await this.around.store.saveJail(run.id, executor);
      if (hooks.stopRequested()) return undefined;
      this.around.started();
      const summary = await this.loop(run, inputs, { executor, parts }, observer, budget, hooks);
      const { tier, pythonVersion } = executor;
      return { ...summary, jail: { tier, pythonVersion }, seconds: { startup, ...summary.seconds } };
    } finally {
      observer.busy('stopping');
      await parts.stop();
    }
  }

  /** All at once. @throws what the first to fail threw; what is the run's own is stopped by then */
  private async startAll(minimumTier: number, policyDir: string): Promise<[RunningExecutor, Parts]> {
    const reaching = this.around.executor.reach(minimumTier);
    const starting = startParts(this.around.home, { policyDir });
    try {
      return await Promise.all([reaching, starting]);
    } catch (error) {
      await starting.then((parts) => parts.stop()).catch(() => undefined);
      throw error;
    }
  }

  private async loop(
    run: Run,
    inputs: RunInputs,
    { executor, parts }: RunningParts,
    observer: RunObserver,
    budget: Budget,
    hooks: RunHooks,
  ): Promise<RunSummary> {
    const { home, store, clock } = this.around;
    const deaths = new PartDeaths();
    for (const part of [executor, parts]) part.onDeath(deaths.report);
    const runDir = home.runDir(run.id);
    const connected = connectRun(run, inputs, { store, executor, parts, observer, clock, runDir });
    try {
      return await deaths.explain(connected.loop.go(budget, hooks.stopRequested));
    } finally {
      connected.close();
    }
  }
}

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
