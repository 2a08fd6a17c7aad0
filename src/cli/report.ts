import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { withStore } from '../control-plane/with-store';
import { MetricsExport } from '../embedded/metrics-export';
import { reportFiles, writeReport } from '../report/write-report';
import type { ExportOptions } from './export-options';
import { namedRun } from './named-run';

export interface ReportOptions extends ExportOptions {
  /** The page; in the run's folder unless told. */
  out?: string;
  /** The metrics, one line of JSON a step; in the run's folder unless told. */
  jsonl?: string;
  home: string;
  json: boolean;
}

/**
 * Writes a page about a run, and its metrics for other tools.
 * @param name the run's id, or `latest`
 * @throws AzrError when there is no such run, a file cannot be written, or a tool does not take the metrics
 */
export async function report(
  name: string,
  { out, jsonl, home: folder, json, ...targets }: ReportOptions,
): Promise<void> {
  await withStore(folder, async ({ home, runs, reported }) => {
    const run = await namedRun(runs, name);
    const { id, settings } = run;
    const dir = home.runDir(id);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const usual = reportFiles(dir);
    const files = { page: resolve(out ?? usual.page), metrics: resolve(jsonl ?? usual.metrics) };
    await writeReport(files, reported, run);
    const say = (line: string): void => void (json || process.stdout.write(`${line}\n`));
    say(`Report          ${files.page}`);
    say(`Metrics         ${files.metrics}`);
    const measured = { id, settings, dir, metrics: files.metrics };
    for (const tool of MetricsExport.start(home, targets, measured, false)) {
      await tool.completed();
      say(tool.place);
    }
    if (json) process.stdout.write(`${JSON.stringify({ runId: id, ...files })}\n`);
  });
}
