import type { Alarm } from '../domain/health/collapse';
import type { RunRecord } from '../runs/ports';
import { MetricTable } from './metric-table';
import type { ReportSample, ReportSource } from './ports';
import type { StepMetrics } from './run-metrics';
import type { Metrics } from './step-metrics';

/** Steps at either end of a run that sample tasks are looked for in. */
const SAMPLED_STEPS = 10;

/** Held-out solve rates of one policy version, which is the step that made it. */
export interface Evaluation {
  step: number;
  /** `heldOut/…` alone. */
  metrics: Metrics;
}

/** All that a report's page shows. Its size does not grow with the run, but for evaluations and alarms. */
export interface RunReport {
  run: RunRecord;
  table: MetricTable;
  /** Oldest first. */
  evaluations: Evaluation[];
  alarms: (Alarm & { step: number })[];
  tokensGenerated: number;
  /** Of each type a task of the first steps, and one of the last; empty where there are no steps, or only one. */
  early: ReportSample[];
  late: ReportSample[];
}

/** Gathers what a page shows. @param steps of the run, in order */
export async function readReport(
  source: Pick<ReportSource, 'samples'>,
  run: RunRecord,
  steps: AsyncIterable<StepMetrics>,
): Promise<RunReport> {
  const { id, step } = run;
  const table = new MetricTable(step);
  const report: RunReport = { run, table, evaluations: [], alarms: [], tokensGenerated: 0, early: [], late: [] };
  for await (const { step: at, metrics, alarms } of steps) {
    const measured = Object.entries(metrics);
    const [heldOut, own] = [measured.filter(isHeldOut), measured.filter((it) => !isHeldOut(it))];
    if (heldOut.length > 0) report.evaluations.push({ step: at, metrics: Object.fromEntries(heldOut) });
    if (own.length > 0) table.add({ step: at, metrics: Object.fromEntries(own) });
    report.alarms.push(...alarms.map((alarm) => ({ ...alarm, step: at })));
    report.tokensGenerated += metrics['tokens/generated'] ?? 0;
  }
  if (step >= 1) report.early = await source.samples(id, { first: 1, last: Math.min(SAMPLED_STEPS, step) }, 'earliest');
  if (step >= 2) report.late = await source.samples(id, lastSteps(step), 'latest');
  return report;
}

/** None that the first steps hold as well, as long as there are others. */
const lastSteps = (step: number): { first: number; last: number } => ({
  first: Math.max(2, Math.min(step, SAMPLED_STEPS + 1), step - SAMPLED_STEPS + 1),
  last: step,
});

const isHeldOut = ([name]: [string, number]): boolean => name.startsWith('heldOut/');
