import { readFileSync } from 'node:fs';
import { TASK_TYPES, type TaskType } from '../domain/task/task';
import { AzrError, messageOf } from '../domain/errors';
import type { TaskRow } from '../selfplay/seed-buffer';

/** Types that a task file may hold; rows of types that a run does not train are passed over. */
const FILE_TYPES = ['deduction', 'abduction', 'induction'];

/**
 * Reads the rows of some types from a JSONL file.
 * @throws AzrError that names file, line and what a row must be
 */
export function readTaskFile(file: string, types: readonly TaskType[]): TaskRow[] {
  const rows = readLines(file).flatMap((text, i) => {
    if (text.trim() === '') return [];
    const row = parseRow(text, `${file}, line ${i + 1}`);
    return types.includes(row.type) ? [{ ...row, line: i + 1 }] : [];
  });
  if (rows.length > 0) return rows;
  throw new AzrError('invalid', `${file}: there is no task of type ${types.join(' or ')} in it`);
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    throw new AzrError('invalid', `task file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function parseRow(text: string, where: string): Omit<TaskRow, 'line'> {
  const row = parseObject(text, where);
  const { type } = row;
  if (typeof type !== 'string' || !FILE_TYPES.includes(type)) {
    throw new AzrError('invalid', `${where}: type is ${JSON.stringify(type)}, not one of ${FILE_TYPES.join(', ')}`);
  }
  if (!TASK_TYPES.some((known) => known === type))
    return { type: type as TaskType, program: '', input: '', output: '' };
  for (const field of ['program', 'input', 'output']) {
    if (typeof row[field] !== 'string') {
      throw new AzrError('invalid', `${where}: ${field} is ${JSON.stringify(row[field])}, not a text`);
    }
  }
  return row as unknown as Omit<TaskRow, 'line'>;
}

function parseObject(text: string, where: string): Record<string, unknown> {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Record<string, unknown>;
  } catch (error) {
    throw new AzrError('invalid', `${where}: not JSON (${messageOf(error)})`, { cause: error });
  }
  throw new AzrError('invalid', `${where}: not a JSON object`);
}
