import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { HealthServer } from '../api/grpc/health-server';
import { AppModule } from '../app.module';
import { requirePolicyFolder } from '../config/policy-folder';
import { resolveSpec } from '../config/resolve-spec';
import { shippedOr } from '../config/shipped';
import { messageOf, PartUnavailable } from '../domain/errors';
import { openHome, type Home } from '../embedded/home';
import { startParts, type Parts } from '../embedded/parts';
import { startPostgres } from '../embedded/postgres';
import { Budget } from '../selfplay/budget';
import type { Run, RunStore } from '../selfplay/ports';
import type { RunSummary } from '../selfplay/run-summary';
import { PostgresRunStore } from '../store/postgres-run-store';
import { LiveLine } from '../telemetry/live-line';
import { openLog, type Logger } from '../telemetry/logger';
import { reportJson, reportText } from '../telemetry/report';
import { RunProgress } from '../telemetry/run-progress';
import { duration } from '../telemetry/words';
import { Closers } from './closers';
import { openRun, type Wanted } from './run-opening';
import { connectRun } from './run-parts';
import { StopSignals } from './stop-signals';

/** What a call spends unless it says otherwise. */
const DEFAULT_MINUTES = 10;
/** How long after a part stops answering the news of its death may take. */
const DEATH_NOTICE_MS = 1_000;
/** With less of a default budget left than this, a call gets another one. */
const WORTH_GOING_ON_SECONDS = 60;

export interface TrainOptions {
  preset?: string;
  config?: string;
  set: string[];
  steps?: number;
  minutes?: number;
  seed?: number;
  policy?: string;
  home: string;
  new: boolean;
  json: boolean;
}

const clock = (): number => performance.now() / 1_000;

/** Trains until the budget is spent or someone asks to stop, then reports. Nothing is left running. */
export async function train(options: TrainOptions): Promise<void> {
  const start = clock();
  const wanted = wantedRun(options);
  const line = new LiveLine(process.stderr);
  const signals = new StopSignals((message) => line.print(message));
  const closers = new Closers();
  let log: Logger | undefined;
  try {
    const home = closers.add(await openHome(options.home), (opened) => opened.close());
    log = openLog(home.logs);
    const session = new Session(options, wanted, start, home, log, line, signals, closers);
    const summary = await session.run();
    line.show('stopping …');
    await closers.closeAll((error) => log?.error(messageOf(error)));
    report(options, summary, clock() - start, line);
  } catch (error) {
    log?.error(error instanceof Error ? error : messageOf(error));
    throw error;
  } finally {
    line.clear();
    signals.close();
    await closers.closeAll((error) => log?.error(messageOf(error)));
  }
}

/** Settings that someone named, `--seed` and `--policy` included. */
function wantedRun({ preset, config, set, seed, policy, new: beginNew }: TrainOptions): Wanted {
  const sets = [...set];
  if (seed !== undefined) sets.push(`seed=${seed}`);
  if (policy !== undefined) sets.push(`policy.dir=${JSON.stringify(shippedOr(policy, 'policy'))}`);
  const { spec, named } = resolveSpec({ preset: preset ?? 'embedded', configFile: config, sets });
  return { spec, named, preset, beginNew };
}

function report({ json }: TrainOptions, summary: RunSummary, wallSeconds: number, line: LiveLine): void {
  line.clear();
  line.print(reportText(summary, wallSeconds));
  if (json) process.stdout.write(`${JSON.stringify(reportJson(summary, wallSeconds))}\n`);
}

/** One call of `azr train`, from an open home to the run's summary. */
class Session {
  constructor(
    private readonly options: TrainOptions,
    private readonly wanted: Wanted,
    private readonly start: number,
    private readonly home: Home,
    private readonly log: Logger,
    private readonly line: LiveLine,
    private readonly signals: StopSignals,
    private readonly closers: Closers,
  ) {}

  /** Ends early when a part dies or someone asks to stop at once. */
  async run(): Promise<RunSummary> {
    let died!: (error: Error) => void;
    const death = new Promise<never>((_, reject) => (died = reject));
    const work = this.work(died);
    for (const promise of [death, work]) promise.catch(() => undefined);
    // A part that died is the cause of whatever does not answer any more.
    const outcome = work.catch(async (error: unknown) => {
      if (error instanceof PartUnavailable) await Promise.race([death, delay(DEATH_NOTICE_MS)]);
      throw error;
    });
    return Promise.race([outcome, death, this.signals.interrupted]);
  }

  private async work(died: (error: Error) => void): Promise<RunSummary> {
    this.line.show('starting PostgreSQL …');
    const postgres = await startPostgres(this.home);
    postgres.onDeath(died);
    const store = await this.openStore({ ...postgres.connection });
    const { run, isNew } = await openRun(store, this.wanted);
    const policyDir = shippedOr(run.spec.policy.dir, 'policy');
    requirePolicyFolder(policyDir);
    this.line.show('starting the executor, the policy server and the trainer …');
    const parts = await startParts(this.home, { policyDir, minimumTier: run.spec.executor.minimumTier });
    parts.onDeath(died);
    return this.play(run, isNew, store, parts, policyDir);
  }

  private async openStore(connection: Parameters<typeof AppModule.connect>[0]): Promise<RunStore> {
    const app = await NestFactory.createApplicationContext(AppModule.connect(connection), {
      logger: false,
      abortOnError: false,
    });
    this.closers.add(app, (opened) => opened.close());
    this.log.info('gRPC health service', { address: app.get(HealthServer).address });
    return app.get(PostgresRunStore);
  }

  private async play(run: Run, isNew: boolean, store: RunStore, parts: Parts, policyDir: string): Promise<RunSummary> {
    const budget = this.budgetOf(run);
    const progress = new RunProgress(this.line, this.log, budget, clock);
    const started = clock() - this.start;
    progress.note(`${isNew ? 'new run' : 'going on with run'} ${run.id}; parts started in ${duration(started)}`);
    const connected = await connectRun(run, isNew, { store, parts, observer: progress, clock, home: this.home });
    this.closers.add(connected, (opened) => opened.close());
    const loop = connected.loop(policyDir, (dir) => rm(dir, { recursive: true, force: true }));
    this.signals.allowSteps();
    const summary = await loop.go(budget, () => this.signals.requested);
    return { ...summary, seconds: { startup: started, ...summary.seconds } };
  }

  private budgetOf(run: Run): Budget {
    const { steps, minutes } = this.options;
    const seconds = minutes === undefined && steps !== undefined ? undefined : (minutes ?? DEFAULT_MINUTES) * 60;
    const isDefault = steps === undefined && minutes === undefined;
    const goesOn = isDefault && run.state === 'running' && seconds! - run.spentSeconds > WORTH_GOING_ON_SECONDS;
    const spentBefore = goesOn ? run.spentSeconds : 0;
    const remembered = isDefault ? undefined : run.spentSeconds;
    return new Budget({ steps, seconds, spentBefore, remembered, start: this.start }, clock);
  }
}
