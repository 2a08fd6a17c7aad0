import { AzrError } from '../domain/errors';
import { wrongField } from '../task-files/fields';
import { readJsonLines, type JsonLine, type JsonObject } from '../task-files/json-lines';

/** What a runner and a reader of its report need of any case. */
export interface Case {
  /** Of its own within the file. */
  id: string;
}

/** A line of a case file: a case, or why it is none. Lines count from 1. */
export type CaseLine<C extends Case> = { line: number; case: C } | { line: number; id: string; reason: string };

/**
 * The cases of a JSONL file, one a line, in the file's order. A line that holds none does not keep the others.
 * @param read makes a case of a row; throws AzrError that names the field which is wrong
 * @throws AzrError naming the file, when it cannot be read, is no UTF-8 text or is empty
 */
export function readCaseFile<C extends Case>(file: string, read: (row: JsonObject, id: string) => C): CaseLine<C>[] {
  const lines = new Map<string, number>();
  return readJsonLines(file).map((jsonLine) => readLine(jsonLine, read, lines));
}

/** @param lines where each id stands first */
function readLine<C extends Case>(
  jsonLine: JsonLine,
  read: (row: JsonObject, id: string) => C,
  lines: Map<string, number>,
): CaseLine<C> {
  const { line } = jsonLine;
  let id = `line ${line}`;
  try {
    if ('reason' in jsonLine) throw new AzrError('invalid', jsonLine.reason);
    id = ownId(jsonLine.row, line, lines);
    return { line, case: read(jsonLine.row, id) };
  } catch (error) {
    if (error instanceof AzrError) return { line, id, reason: `line ${line}: ${error.message}` };
    throw error;
  }
}

/** @throws AzrError when there is none, or it is another case's */
function ownId({ id }: JsonObject, line: number, lines: Map<string, number>): string {
  if (typeof id !== 'string' || id === '') throw wrongField('id', id, 'a text that is not empty');
  const first = lines.get(id);
  if (first !== undefined) {
    throw new AzrError(
      'invalid',
      `id is ${JSON.stringify(id)}, which is the case of line ${first}; it must be its own`,
    );
  }
  lines.set(id, line);
  return id;
}
