import { resolveSpec } from '../config/resolve-spec';
import { AzrError, messageOf } from '../domain/errors';
import { reportFiles, writeReport, type ReportFiles } from '../report/write-report';
import type { RunSummary } from '../selfplay/run-summary';
import { reportText } from '../telemetry/report';
import { reportJson } from '../telemetry/report-json';
import { LiveMetrics } from '../control-plane/live-metrics';
import { clock, withControlPlane, type ControlPlane } from '../control-plane/control-plane';
import type { ExportOptions } from './export-options';
import { executorElsewhere, type ExecutorOptions } from './executor-options';
import { openRun, type Wanted } from './run-opening';
import { runSources, type RunOptions } from './run-sources';

export interface TrainOptions extends RunOptions, ExecutorOptions, ExportOptions {
  steps?: number;
  minutes?: number;
  home: string;
  new: boolean;
  json: boolean;
}

/** Trains until the budget is spent or someone asks to stop, then reports. Nothing is left running. */
export async function train(options: TrainOptions): Promise<void> {
  const start = clock();
  const wanted = wantedRun(options);
  const plane = { home: options.home, executor: executorElsewhere(options), grpc: { port: 0 } };
  const { summary, files } = await withControlPlane(plane, async (opened) => {
    const trained = await trainRun(opened, wanted, options);
    return { summary: trained, files: await reportRun(opened, trained.runId) };
  });
  const wallSeconds = clock() - start;
  process.stderr.write(`${reportText(summary, wallSeconds, files)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(reportJson(summary, wallSeconds, files))}\n`);
}

/** Asks for a run as anyone would, and waits until it rests. */
async function trainRun(plane: ControlPlane, wanted: Wanted, targets: ExportOptions): Promise<RunSummary> {
  const { runs, driver, signals } = plane;
  const run = await openRun(runs, wanted);
  const live = await LiveMetrics.start(plane, run, targets);
  const stopping = signals.stopAsked.then(() => runs.stop(run.id));
  stopping.catch(() => undefined);
  let end = run.detail;
  for await (const item of runs.watch(run.id, run.lastSequence)) {
    if (item.kind !== 'event') continue;
    const { event } = item.event;
    if (event.kind === 'state') end = event.detail;
    await live.heard(event);
  }
  await live.end();
  const summary = await driver.latest;
  if (!summary) throw new AzrError('conflict', `run ${run.id} ended before its first step: ${end}`);
  return summary;
}

/** Writes the run's page. What was trained is kept whatever comes of that: a failure is told, and no more. */
async function reportRun(
  { home, runs, reported, line }: ControlPlane,
  runId: string,
): Promise<ReportFiles | undefined> {
  const files = reportFiles(home.runDir(runId));
  try {
    line.show('writing the report …');
    await writeReport(files, reported, await runs.get(runId));
    return files;
  } catch (error) {
    line.print(`warning: the report was not written: ${messageOf(error)}; azr report ${runId} tries again`);
    return undefined;
  }
}

/** Settings that someone named, those with an option of their own included. */
function wantedRun(options: TrainOptions): Wanted {
  const { preset, steps, minutes, new: beginNew } = options;
  const { spec, named } = resolveSpec(runSources(options));
  return {
    ...{ spec, named, beginNew },
    ...(preset !== undefined && { preset }),
    ...(steps !== undefined && { steps }),
    ...(minutes !== undefined && { minutes }),
  };
}
