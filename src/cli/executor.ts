import { realpathSync } from 'node:fs';
import { PYTHON } from '../embedded/installation';
import { runExecutorProcess, type ExecutorProcessOptions } from '../executor/main';

export type ExecutorOptions = Omit<ExecutorProcessOptions, 'python'> & { python?: string };

/** Serves the executor until it is asked to end. */
export async function executor({ python, ...options }: ExecutorOptions): Promise<void> {
  // The interpreter itself: programs have no business with the packages of the virtual environment.
  await runExecutorProcess({ ...options, python: python ?? realpathSync(PYTHON) });
}
