import type { RunDriver, RunHooks } from '../../src/runs/ports';
import type { Run, RunBudget } from '../../src/selfplay/run';
import type { RunSpec } from '../../src/config/run-spec';

/** One execution of a run, which ends when the test says so. */
export interface Execution {
  run: Run;
  budget: RunBudget;
  hooks: RunHooks;
  end(): void;
  fail(error: Error): void;
}

/** Executes runs by doing nothing until it is told to end. */
export class ScriptedDriver implements RunDriver {
  /** Runs that were begun, in order. */
  readonly begun: string[] = [];
  /** Thrown by `check`. */
  objection: Error | undefined;
  private readonly started: Execution[] = [];
  private readonly expected: ((execution: Execution) => void)[] = [];

  check(_spec: RunSpec): void {
    if (this.objection) throw this.objection;
  }

  drive(run: Run, budget: RunBudget, hooks: RunHooks): Promise<void> {
    this.begun.push(run.id);
    return new Promise((end, fail) => {
      const execution = { run, budget, hooks, end, fail };
      const expecting = this.expected.shift();
      if (expecting) expecting(execution);
      else this.started.push(execution);
    });
  }

  /** The next execution that begins, or that has begun and was not asked for yet. */
  next(): Promise<Execution> {
    const started = this.started.shift();
    return started ? Promise.resolve(started) : new Promise((resolve) => this.expected.push(resolve));
  }
}
