import type { Command } from 'commander';
import type { MetricsTargets } from '../embedded/metrics-export';

/** Options that name the tools that metrics are handed to. */
export type ExportOptions = MetricsTargets;

export const withExportOptions = (command: Command): Command =>
  command
    .option('--tensorboard <dir>', 'hand the metrics to TensorBoard as well: folder of its logs')
    .option(
      '--wandb <project>',
      'hand them to Weights & Biases as well: its project; offline unless WANDB_MODE=online',
    );
