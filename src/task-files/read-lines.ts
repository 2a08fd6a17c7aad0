import { AzrError } from '../domain/errors';
import type { RefusedLine } from '../selfplay/task-row';
import { jsonLines, type JsonLine } from './json-lines';
import { readRow, type RowShape } from './row-shape';

/** A line that holds a row of one of the shapes that were looked for. */
export interface ReadLine<T> {
  line: number;
  row: T;
}

/**
 * Each line of a JSONL file that is not blank, read as it is asked for: its row, or why it holds none of these shapes.
 * @throws AzrError naming the file, when it cannot be read, is no text or is empty
 */
export function* readLines<T>(
  file: string,
  shapes: readonly RowShape<T>[],
): Generator<ReadLine<T> | RefusedLine, void, undefined> {
  for (const line of jsonLines(file)) yield readLine(line, shapes);
}

/** The error of a file that must have no broken line, because what is made of it would be another thing. */
export const brokenLine = (file: string, { line, reason }: RefusedLine): AzrError =>
  new AzrError('invalid', `${file}, line ${line}: ${reason}`);

function readLine<T>(jsonLine: JsonLine, shapes: readonly RowShape<T>[]): ReadLine<T> | RefusedLine {
  const { line } = jsonLine;
  if ('reason' in jsonLine) return jsonLine;
  try {
    return { line, row: readRow(jsonLine.row, shapes) };
  } catch (error) {
    if (error instanceof AzrError) return { line, reason: error.message };
    throw error;
  }
}
