import { AzrError } from '../domain/errors';
import type { TaskType } from '../domain/task/task';
import type { RefusedLine, TaskRow } from '../selfplay/task-row';
import { brokenLine, readLines, type ReadLine } from './read-lines';
import { TASK_SHAPES, type LooseRow } from './row-shapes';

export interface TaskFileContents {
  /** In the file's order. */
  rows: TaskRow[];
  /** Broken lines, whatever type they were meant to be. */
  refused: RefusedLine[];
}

/**
 * Reads the rows of some types from a JSONL file, in our own shapes or in those of the seed files that were released
 * with AZR; rows of other types are passed over.
 * @throws AzrError naming the file, when it cannot be read, is no text, is empty, or has neither a row of these types
 * nor a broken line
 */
export function readTaskFile(file: string, types: readonly TaskType[]): TaskFileContents {
  const contents: TaskFileContents = { rows: [], refused: [] };
  for (const read of readLines(file, TASK_SHAPES)) {
    if ('reason' in read) contents.refused.push(read);
    else contents.rows.push(...taskRows(read).filter(({ type }) => types.includes(type)));
  }
  if (contents.rows.length + contents.refused.length > 0) return contents;
  throw new AzrError('invalid', `${file}: there is no task of type ${types.join(' or ')} in it`);
}

/**
 * As `readTaskFile`, for a file that must have no broken line.
 * @throws AzrError naming file and line
 */
export function readWholeTaskFile(file: string, types: readonly TaskType[]): TaskRow[] {
  const { rows, refused } = readTaskFile(file, types);
  if (refused[0] !== undefined) throw brokenLine(file, refused[0]);
  return rows;
}

/** The tasks of a line, which knows where it stands. */
export const taskRows = ({ line, row }: ReadLine<LooseRow[]>): TaskRow[] => row.map((task) => ({ ...task, line }));
