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

export interface DriverSurroundings {
  home: Home;
  store: RunStore;
  clock: Clock;
  observe(budget: Budget): RunObserver;
  /** The parts are up: from here on the run ends well when it is asked to stop. */
  started(): void;
}

/** Executes runs with executor, policy server and trainer in processes of its own, which end with the run. */
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
    const { home, clock } = this.around;
    const start = clock();
    const budget = new Budget({ ...left, spentBefore: run.spentSeconds, start }, clock);
    const observer = ringing(this.around.observe(budget), hooks);
    const inputs = readRunInputs(run.spec, (message) => observer.note(message));
    observer.busy('starting the executor, the policy server and the trainer');
    const { minimumTier } = run.spec.executor;
    const parts = await startParts(home, { policyDir: inputs.policyDir, minimumTier });
    try {
      const startup = clock() - start;
      const what = run.step === 0 ? 'beginning run' : 'going on with run';
      observer.note(`${what} ${run.id}; parts started in ${duration(startup)}`);
      if (hooks.stopRequested()) return undefined;
      this.around.started();
      const summary = await this.loop(run, inputs, parts, observer, budget, hooks);
      return { ...summary, seconds: { startup, ...summary.seconds } };
    } finally {
      observer.busy('stopping');
      await parts.stop();
    }
  }

  private async loop(
    run: Run,
    inputs: RunInputs,
    parts: Parts,
    observer: RunObserver,
    budget: Budget,
    hooks: RunHooks,
  ): Promise<RunSummary> {
    const { home, store, clock } = this.around;
    const deaths = new PartDeaths();
    parts.onDeath(deaths.report);
    const connected = connectRun(run, inputs, { store, parts, observer, clock, runDir: home.runDir(run.id) });
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
