import { AzrError } from '../domain/errors';
import { TASK_TYPES, type Task } from '../domain/task/task';
import { parseValue, ValueSyntaxError } from '../domain/value';
import type { TaskRow } from '../selfplay/task-row';
import { readWholeTaskFile } from '../task-files/read-task-file';
import { readText } from '../verifier/read-text';
import type { Benchmark } from './benchmark';

/**
 * The first `perType` tasks of each type of a task file; a type without tasks is left out.
 * @throws AzrError naming the file, and the line of a row that is no task
 */
export function heldOutBenchmarks(file: string, perType: number): Benchmark[] {
  const rows = readWholeTaskFile(file, TASK_TYPES);
  return TASK_TYPES.map((type) => {
    const ofType = rows.filter((row) => row.type === type).slice(0, perType);
    return { name: type, tasks: ofType.map((row, i) => toTask(row, `held-out/${type}/${i}`, file)) };
  }).filter(({ tasks }) => tasks.length > 0);
}

function toTask({ line, solveRate: _, ...row }: TaskRow, id: string, file: string): Task {
  const refuse = (problem: string): AzrError => new AzrError('invalid', `${file}, line ${line}: ${problem}`);
  const task = { ...row, id };
  if (task.type === 'induction' && task.pairs.length < 2) {
    throw refuse(
      `it has ${task.pairs.length} pairs; one is shown and one is held back, so that it must have 2 or more`,
    );
  }
  for (const output of outputsOf(task)) {
    const value = readText(parseValue, output);
    if (value instanceof ValueSyntaxError) throw refuse(`output is not a value (${value.message})`);
  }
  return task;
}

/** Texts that answers, or what comes of them, are compared with as values; an error task has a name there. */
function outputsOf(task: Task): string[] {
  if (task.type === 'induction') return task.pairs.map(({ output }) => output);
  return task.type === 'error' ? [] : [task.output];
}
