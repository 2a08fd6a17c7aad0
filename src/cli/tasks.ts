import { resolve } from 'node:path';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { AzrError } from '../domain/errors';
import { byType, TASK_TYPES } from '../domain/task/task';
import { writeTaskFile } from '../task-files/write-task-file';
import { namedRun } from './named-run';
import { withStore } from '../control-plane/with-store';

export interface ExportOptions {
  out: string;
  home: string;
  json: boolean;
}

/**
 * Writes the tasks that a run's buffer holds now as a task file, such as `--seed-tasks` takes.
 * @param name the run's id, or `latest`
 * @throws AzrError when there is no such run, it has no tasks, or the file cannot be written
 */
export async function exportTasks(name: string, { out, home, json }: ExportOptions): Promise<void> {
  const file = resolve(out);
  await withStore(home, async ({ runs, store }) => {
    const { id } = await namedRun(runs, name);
    const buffer = await store.loadBuffer(id);
    if (buffer.tasks.length === 0) throw new AzrError('conflict', `run ${id} has no tasks yet; let it make a step`);
    writeTaskFile(file, buffer.tasks);
    process.stdout.write(`${json ? asJson(id, buffer, file) : asText(id, buffer, file)}\n`);
  });
}

const asJson = (runId: string, buffer: TaskBuffer, file: string): string =>
  JSON.stringify({ runId, step: buffer.version, file, tasks: byType((type) => buffer.ofType(type).length) });

function asText(runId: string, buffer: TaskBuffer, file: string): string {
  const counts = TASK_TYPES.map((type) => `${buffer.ofType(type).length} ${type}`).join(', ');
  return `${buffer.tasks.length} tasks of run ${runId} after step ${buffer.version} (${counts}) are in ${file}`;
}
