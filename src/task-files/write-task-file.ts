import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';
import type { Task } from '../domain/task/task';

/** A task with the share of samples that solved it, 0 … 1, where there were any. */
export type WrittenTask = Task & { solveRate?: number | null };

/**
 * Writes tasks as a JSONL file that `readTaskFile` reads; ids and line numbers are not kept. The file appears whole or
 * not at all, in the place of one that was there.
 * @throws AzrError naming the file
 */
export function writeTaskFile(file: string, tasks: Iterable<WrittenTask>): void {
  try {
    const target = existsSync(file) ? realpathSync(file) : resolve(file);
    // A device or a pipe would be replaced, not written to.
    if (existsSync(target) && !statSync(target).isFile()) throw new Error('it is there already and is not a file');
    writeWhole(target, tasks);
  } catch (error) {
    throw new AzrError('invalid', `task file ${file} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

function writeWhole(target: string, tasks: Iterable<WrittenTask>): void {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      for (const task of tasks) writeFileSync(descriptor, `${JSON.stringify(lineOf(task))}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function lineOf(task: WrittenTask): object {
  const { type, program } = task;
  const solveRate = task.solveRate ?? undefined;
  if (task.type !== 'induction') return { type, program, input: task.input, output: task.output, solveRate };
  const pairs = task.pairs.map(({ input, output }) => [input, output]);
  return { type, program, pairs, message: task.message, solveRate };
}
