import { join, resolve } from 'node:path';
import type { ChildDied } from './child-died';
import type { Home } from './home';
import { BRIDGE, PYTHON } from './installation';
import type { OwnedChild } from './owned-child';

/** PyTorch's import, and a large file of metrics, on a machine that does other things. */
const BOUND_MS = 10 * 60_000;
/** What is left of a file that was followed, and what its library has to do at its end. */
const GRACE_MS = 60_000;

/** Tools that a run's metrics are handed to. */
export interface MetricsTargets {
  /** Folder of TensorBoard's logs; the run gets one of its own in it. */
  tensorboard?: string;
  /** Project of Weights & Biases. */
  wandb?: string;
}

/** A run whose metrics are written to a file. */
export interface MeasuredRun {
  id: string;
  settings: object;
  /** Its folder in the home. */
  dir: string;
  /** JSONL, one line a step. */
  metrics: string;
}

/** One tool that takes the metrics of a run, by its own library (`trainer-bridge/azr_metrics`). */
export class MetricsExport {
  /** @param place where they go, for a person */
  private constructor(
    readonly place: string,
    private readonly child: OwnedChild,
  ) {}

  /**
   * Begins to hand on what the file holds.
   * @param follow whether the file grows until `end` is called
   */
  static start(home: Home, targets: MetricsTargets, run: MeasuredRun, follow: boolean): MetricsExport[] {
    const begin = (place: string, args: readonly string[]): MetricsExport =>
      new MetricsExport(place, spawn(home, run, [...args, ...(follow ? ['--follow'] : [])]));
    const started: MetricsExport[] = [];
    if (targets.tensorboard !== undefined) {
      const dir = join(resolve(targets.tensorboard), run.id);
      started.push(begin(`TensorBoard     ${dir}`, ['tensorboard', '--dir', dir]));
    }
    if (targets.wandb !== undefined) {
      const args = ['wandb', '--dir', run.dir, '--project', targets.wandb, '--run', run.id];
      started.push(begin(`W&B             ${join(run.dir, 'wandb')}, project ${targets.wandb}`, args));
    }
    return started;
  }

  /** Calls `callback` if it ends before it was told to: something is missing or wrong. */
  onDeath(callback: (death: ChildDied) => void): void {
    this.child.onDeath(callback);
  }

  /** Waits until a file that does not grow is handed on. @throws ChildDied that says what is missing or wrong */
  async completed(): Promise<void> {
    try {
      await this.child.completed(BOUND_MS);
    } finally {
      await this.child.stop(0);
    }
  }

  /** Tells it that the file that it follows is complete. @throws ChildDied that says what was missing or wrong */
  async end(): Promise<void> {
    await this.child.stop(GRACE_MS);
    await this.child.completed(GRACE_MS);
  }
}

const spawn = (home: Home, run: MeasuredRun, args: readonly string[]): OwnedChild =>
  home.spawn({
    name: 'export of metrics',
    command: PYTHON,
    args: ['-m', 'azr_metrics', ...args, '--metrics', run.metrics, '--settings', JSON.stringify(run.settings)],
    environment: weightsAndBiasesEnvironment(),
    cwd: BRIDGE,
    logFile: home.logFile('metrics-export'),
  });

/** Mode, key, server and the like are what its library looks for in the environment. */
const weightsAndBiasesEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (it): it is [string, string] => it[0].startsWith('WANDB_') && it[1] !== undefined,
    ),
  );
