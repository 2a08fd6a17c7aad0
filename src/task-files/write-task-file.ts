import type { Task } from '../domain/task/task';
import { WholeFile } from './whole-file';

/** A task with the share of samples that solved it, 0 … 1, where there were any. */
export type WrittenTask = Task & { solveRate?: number | null };

/**
 * Writes tasks as a JSONL file that `readTaskFile` reads; ids and line numbers are not kept. The file appears whole or
 * not at all, in the place of one that was there.
 * @throws AzrError naming the file
 */
export function writeTaskFile(file: string, tasks: Iterable<WrittenTask>): void {
  const whole = new WholeFile(file);
  try {
    for (const task of tasks) whole.write(lineOf(task));
    whole.finish();
  } finally {
    whole.close();
  }
}

function lineOf(task: WrittenTask): object {
  const { type, program } = task;
  const solveRate = task.solveRate ?? undefined;
  if (task.type !== 'induction') return { type, program, input: task.input, output: task.output, solveRate };
  const pairs = task.pairs.map(({ input, output }) => [input, output]);
  return { type, program, pairs, message: task.message, solveRate };
}
