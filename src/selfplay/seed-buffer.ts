import { TaskBuffer } from '../domain/curriculum/task-buffer';
import { AzrError } from '../domain/errors';
import type { Task, TaskType, Triplet } from '../domain/task/task';
import { equalValues, parseValue, ValueSyntaxError } from '../domain/value';
import type { ProposalValidator } from '../verifier/proposal-validator';
import { readText } from '../verifier/read-text';

/** A row of a task file: a triplet with its type, as text, not verified. */
export interface TaskRow extends Triplet {
  type: TaskType;
  /** Line of the file that the row stands in, 1 for the first. */
  line: number;
}

/**
 * The buffer that a run starts with. Seeds go through the gate that proposals go through; rows that do not pass
 * are left out and reported.
 * @throws AzrError when no row passes
 */
export async function seedBuffer(
  rows: readonly TaskRow[],
  capacity: number,
  validator: ProposalValidator,
  note: (message: string) => void,
): Promise<TaskBuffer> {
  const tasks = new Map<string, Task>();
  for (const row of rows) {
    const validation = await validator.validate(row, (id) => tasks.has(id));
    if (validation.outcome !== 'accepted') {
      note(`seed task in line ${row.line} is left out: ${validation.reason} (${validation.detail})`);
    } else if (!sameValue(row.output, validation.task.output)) {
      note(`seed task in line ${row.line} is left out: its output is not what its program gives`);
    } else {
      tasks.set(validation.task.id, validation.task);
    }
  }
  if (tasks.size === 0) throw new AzrError('invalid', `none of ${rows.length} seed tasks is valid`);
  const empty = new TaskBuffer(0, [], capacity);
  return empty.apply(0, empty.plan(0, [...tasks.values()]));
}

function sameValue(stored: string, found: string): boolean {
  const value = readText(parseValue, stored);
  return !(value instanceof ValueSyntaxError) && equalValues(value, parseValue(found), 'strict');
}
