import { NestFactory } from '@nestjs/core';
import { GrpcServer } from '../api/grpc/grpc-server';
import type { GrpcService } from '../api/grpc/grpc-service';
import { RunService } from '../api/grpc/run-service';
import { VerifierService } from '../api/grpc/verifier/verifier-service';
import { AppModule } from '../app.module';
import { messageOf } from '../domain/errors';
import { openHome, type Home } from '../embedded/home';
import type { ExecutorEndpoint } from '../executor/client';
import { startPostgres } from '../embedded/postgres';
import type { ReportSource } from '../report/ports';
import { Runs } from '../runs/runs';
import type { RunStore } from '../selfplay/ports';
import { PostgresReportSource } from '../store/postgres-report-source';
import { LiveLine } from '../telemetry/live-line';
import { openLog, type Logger } from '../telemetry/logger';
import { RunProgress } from '../telemetry/run-progress';
import { CallersJail } from './callers-jail';
import { Closers } from './closers';
import { EmbeddedRunDriver } from './embedded-run-driver';
import { PartDeaths } from './part-deaths';
import { SharedExecutor } from './shared-executor';
import { StopSignals } from './stop-signals';

/** Seconds. */
export const clock = (): number => performance.now() / 1_000;

export interface ControlPlaneOptions {
  /** Folder that everything is kept in. */
  home: string;
  /** Where programs run, if not in an executor of the home. */
  executor?: ExecutorEndpoint;
  grpc: GrpcOptions;
}

export interface GrpcOptions {
  /** 0 for any. */
  port: number;
  /** Absent where runs and verdicts are not served. */
  serve?: {
    /** Weakest jail that the programs may run in of those who ask for verdicts, 1 to 3. */
    minimumTier: number;
  };
}

/** A control plane that is up. */
export interface ControlPlane {
  home: Home;
  runs: Runs;
  /** Reads what reports are made of. */
  reported: ReportSource;
  driver: EmbeddedRunDriver;
  /** Of its gRPC server. */
  address: string;
  line: LiveLine;
  signals: StopSignals;
}

/**
 * Does some work with a control plane of its own: home, database, runs and API. Ends early when the database dies or
 * someone asks to stop at once. Nothing is left running.
 */
export async function withControlPlane<T>(
  options: ControlPlaneOptions,
  work: (plane: ControlPlane) => Promise<T>,
): Promise<T> {
  const line = new LiveLine(process.stderr);
  const signals = new StopSignals((message) => line.print(message));
  const closers = new Closers();
  let log: Logger | undefined;
  const report = (error: unknown): void => void log?.error(error instanceof Error ? error : messageOf(error));
  try {
    const home = closers.add(await openHome(options.home), (opened) => opened.close());
    log = openLog(home.logs);
    const deaths = new PartDeaths();
    const working = open(options, { home, log, line, signals, closers, deaths, report }).then(work);
    const done = await Promise.race([deaths.explain(working), signals.interrupted]);
    line.show('stopping …');
    await closers.closeAll(report);
    return done;
  } catch (error) {
    report(error);
    throw error;
  } finally {
    line.clear();
    signals.close();
    await closers.closeAll(report);
  }
}

interface Surroundings {
  home: Home;
  log: Logger;
  line: LiveLine;
  signals: StopSignals;
  closers: Closers;
  deaths: PartDeaths;
  report(error: unknown): void;
}

async function open({ grpc, executor: elsewhere }: ControlPlaneOptions, around: Surroundings): Promise<ControlPlane> {
  const { port, serve } = grpc;
  const { home, log, line, signals, closers, deaths, report } = around;
  line.show('starting PostgreSQL …');
  const postgres = await startPostgres(home);
  postgres.onDeath(deaths.report);
  const executor = new SharedExecutor(home, elsewhere);
  let driver!: EmbeddedRunDriver;
  const driverOver = (store: RunStore): EmbeddedRunDriver =>
    (driver = new EmbeddedRunDriver({
      ...{ home, executor, store, clock },
      observe: (budget) => new RunProgress(line, log, budget, clock),
      started: () => signals.allowSteps(),
    }));
  const services = (runs: Runs): GrpcService[] => {
    if (!serve) return [];
    const jail = closers.add(new CallersJail(executor, serve.minimumTier), (opened) => opened.close());
    return [new RunService(runs, report), new VerifierService(jail, report)];
  };
  const app = await NestFactory.createApplicationContext(
    AppModule.with({ database: { ...postgres.connection }, driver: driverOver, report, grpc: { port, services } }),
    { logger: false, abortOnError: false },
  );
  closers.add(app, (opened) => opened.close());
  const runs = closers.add(app.get(Runs), (opened) => opened.close());
  const { address } = app.get(GrpcServer);
  log.info('gRPC', { address, serves: serve !== undefined });
  return { home, runs, reported: app.get(PostgresReportSource), driver, address, line, signals };
}
