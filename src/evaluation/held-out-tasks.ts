import { TASK_TYPES, type Task } from '../domain/task/task';
import { parseValue, ValueSyntaxError } from '../domain/value';
import type { TaskRow } from '../selfplay/task-row';
import { brokenLine } from '../task-files/read-lines';
import { readWholeTaskFile } from '../task-files/read-task-file';
import { readInput, readText } from '../verifier/read-text';
import type { Benchmark } from './benchmark';

/**
 * The first `perType` tasks of each type of a task file; a type without tasks is left out.
 * @throws AzrError naming the file, and the line of a row that is no task
 */
export function heldOutBenchmarks(file: string, perType: number): Benchmark[] {
  const rows = readWholeTaskFile(file, TASK_TYPES);
  const toTask = (row: TaskRow, i: number): Task => {
    const task = heldOutTask(row, `held-out/${row.type}/${i}`);
    if (typeof task === 'string') throw brokenLine(file, { line: row.line, reason: task });
    return task;
  };
  return TASK_TYPES.map((type) => {
    const ofType = rows.filter((row) => row.type === type).slice(0, perType);
    return { name: type, tasks: ofType.map(toTask) };
  }).filter(({ tasks }) => tasks.length > 0);
}

/** The task of a row, or why answers to it cannot be scored. */
export function heldOutTask({ line: _line, solveRate: _rate, ...row }: TaskRow, id: string): Task | string {
  const task = { ...row, id };
  if (task.type === 'induction' && task.pairs.length < 2) {
    return `it has ${task.pairs.length} pairs; one is shown and one is held back, so that it must have 2 or more`;
  }
  for (const input of runInputsOf(task)) {
    const read = readInput(input);
    if (read instanceof ValueSyntaxError) return `input is not an argument list of values (${read.message})`;
  }
  for (const output of outputsOf(task)) {
    const value = readText(parseValue, output);
    if (value instanceof ValueSyntaxError) return `output is not a value (${value.message})`;
  }
  return task;
}

/** Texts that an answer is run on; other types only show theirs. */
const runInputsOf = (task: Task): string[] => (task.type === 'induction' ? task.pairs.map(({ input }) => input) : []);

/** Texts that answers, or what comes of them, are compared with as values; an error task has a name there. */
function outputsOf(task: Task): string[] {
  if (task.type === 'induction') return task.pairs.map(({ output }) => output);
  return task.type === 'error' ? [] : [task.output];
}
