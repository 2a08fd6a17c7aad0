import { AzrError } from '../domain/errors';
import type { TaskType } from '../domain/task/task';
import type { RefusedLine, TaskRow } from '../selfplay/task-row';
import { readJsonLines, type JsonLine } from './json-lines';
import { readRow } from './row-shapes';

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
  for (const line of readJsonLines(file)) {
    const read = readLine(line);
    if (Array.isArray(read)) contents.rows.push(...read.filter(({ type }) => types.includes(type)));
    else contents.refused.push(read);
  }
  if (contents.rows.length + contents.refused.length > 0) return contents;
  throw new AzrError('invalid', `${file}: there is no task of type ${types.join(' or ')} in it`);
}

/**
 * As `readTaskFile`, for a file that must have no broken line, because what is measured with it would be another thing.
 * @throws AzrError naming file and line
 */
export function readWholeTaskFile(file: string, types: readonly TaskType[]): TaskRow[] {
  const { rows, refused } = readTaskFile(file, types);
  const [first] = refused;
  if (first === undefined) return rows;
  throw new AzrError('invalid', `${file}, line ${first.line}: ${first.reason}`);
}

function readLine(jsonLine: JsonLine): TaskRow[] | RefusedLine {
  const { line } = jsonLine;
  if ('reason' in jsonLine) return jsonLine;
  try {
    return readRow(jsonLine.row).map((row) => ({ ...row, line }));
  } catch (error) {
    if (error instanceof AzrError) return { line, reason: error.message };
    throw error;
  }
}
