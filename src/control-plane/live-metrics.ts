import { mkdirSync } from 'node:fs';
import { messageOf } from '../domain/errors';
import { MetricsExport, type MetricsTargets } from '../embedded/metrics-export';
import { GrowingMetricsFile } from '../report/metrics-file';
import { reportFiles } from '../report/write-report';
import type { RunRecord } from '../runs/ports';
import type { RunEvent } from '../selfplay/run-event';
import type { ControlPlane } from './control-plane';

/**
 * Hands the metrics of a run to other tools while it is trained. It never makes the run fail: the first thing that goes
 * wrong is told, and ends it.
 */
export class LiveMetrics {
  private failed = false;
  private file?: GrowingMetricsFile;
  private exports: readonly MetricsExport[] = [];

  private constructor(private readonly print: (line: string) => void) {}

  /** Begins with what the run did before. Without a tool it does nothing. */
  static async start(plane: ControlPlane, run: RunRecord, targets: MetricsTargets): Promise<LiveMetrics> {
    const live = new LiveMetrics((line) => plane.line.print(line));
    if (targets.tensorboard !== undefined || targets.wandb !== undefined) {
      await live.unlessFailed(() => live.begin(plane, run, targets));
    }
    return live;
  }

  /** Something happened to the run, and is stored. */
  async heard({ kind }: RunEvent): Promise<void> {
    if (kind === 'step') await this.unlessFailed(() => this.file?.grow());
  }

  /** Hands on what is left, and waits until it is written. Bounded. */
  async end(): Promise<void> {
    await this.unlessFailed(() => this.file?.grow(true));
    for (const tool of this.exports) await this.unlessFailed(() => tool.end());
  }

  private async begin(
    { home, reported }: ControlPlane,
    { id, settings }: RunRecord,
    targets: MetricsTargets,
  ): Promise<void> {
    const dir = home.runDir(id);
    const { metrics } = reportFiles(dir);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.file = new GrowingMetricsFile(metrics, reported, id);
    await this.file.begin();
    this.exports = MetricsExport.start(home, targets, { id, settings, dir, metrics }, true);
    for (const tool of this.exports) {
      tool.onDeath((death) => this.fail(death));
      this.print(tool.place);
    }
  }

  private async unlessFailed(work: () => Promise<void> | undefined): Promise<void> {
    if (this.failed) return;
    try {
      await work();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.print(
      `warning: metrics are not handed on: ${messageOf(error)}; azr report with the same option does it later`,
    );
  }
}
