import { join } from 'node:path';
import type { RunRecord } from '../runs/ports';
import { WholeFile } from '../task-files/whole-file';
import { withMetricsFile } from './metrics-file';
import { reportPage } from './page/page';
import type { ReportSource } from './ports';
import { runMetrics } from './run-metrics';
import { readReport } from './run-report';

/** Files that a report is. */
export interface ReportFiles {
  /** HTML. */
  page: string;
  /** JSONL, one line a step. */
  metrics: string;
}

/** Where a report lies unless told otherwise. @param runDir the run's folder */
export const reportFiles = (runDir: string): ReportFiles => ({
  page: join(runDir, 'report.html'),
  metrics: join(runDir, 'metrics.jsonl'),
});

/**
 * Writes a page about a run and its metrics; each file appears whole, in the place of one that is there.
 * @throws AzrError when one cannot be written, or the database does not answer
 */
export async function writeReport(files: ReportFiles, source: ReportSource, run: RunRecord): Promise<void> {
  const report = await withMetricsFile(files.metrics, runMetrics(source, run.id), (steps) =>
    readReport(source, run, steps),
  );
  const page = new WholeFile(files.page);
  try {
    page.writeText(reportPage(report));
    page.finish();
  } finally {
    page.close();
  }
}
