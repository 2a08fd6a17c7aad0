import { resolveSpec } from '../config/resolve-spec';
import { AzrError } from '../domain/errors';
import type { RunSummary } from '../selfplay/run-summary';
import { reportText } from '../telemetry/report';
import { reportJson } from '../telemetry/report-json';
import { clock, withControlPlane, type ControlPlane } from '../control-plane/control-plane';
import { executorElsewhere, type ExecutorOptions } from './executor-options';
import { openRun, type Wanted } from './run-opening';
import { runSources, type RunOptions } from './run-sources';

export interface TrainOptions extends RunOptions, ExecutorOptions {
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
  const summary = await withControlPlane(plane, (opened) => trainRun(opened, wanted));
  const wallSeconds = clock() - start;
  process.stderr.write(`${reportText(summary, wallSeconds)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(reportJson(summary, wallSeconds))}\n`);
}

/** Asks for a run as anyone would, and waits until it rests. */
async function trainRun({ runs, driver, signals }: ControlPlane, wanted: Wanted): Promise<RunSummary> {
  const run = await openRun(runs, wanted);
  const stopping = signals.stopAsked.then(() => runs.stop(run.id));
  stopping.catch(() => undefined);
  let end = run.detail;
  for await (const item of runs.watch(run.id, run.lastSequence)) {
    if (item.kind === 'event' && item.event.event.kind === 'state') end = item.event.event.detail;
  }
  const summary = await driver.latest;
  if (!summary) throw new AzrError('conflict', `run ${run.id} ended before its first step: ${end}`);
  return summary;
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
