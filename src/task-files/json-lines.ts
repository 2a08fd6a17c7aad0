import { readRegularFile } from '../config/regular-file';
import { AzrError, messageOf } from '../domain/errors';

export type JsonObject = Record<string, unknown>;

/** A line of a JSONL file: its object, or why it has none. Lines count from 1. */
export type JsonLine = { line: number; row: JsonObject } | { line: number; reason: string };

/**
 * The lines of a file that are not blank. Only a line feed ends a line: U+2028 and its like may stand in a text.
 * @throws AzrError naming the file, when it cannot be read, is no UTF-8 text or has no line that is not blank
 */
export function readJsonLines(file: string): JsonLine[] {
  const texts = readUtf8(file).split('\n');
  const lines = texts.flatMap((text, i) =>
    text.trim() === '' ? [] : [{ line: i + 1, ...parseObject(text, i === texts.length - 1) }],
  );
  if (lines.length > 0) return lines;
  throw new AzrError('invalid', `${file} is empty; it must hold one JSON object a line`);
}

function readUtf8(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(file);
  } catch (error) {
    throw new AzrError('invalid', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new AzrError('invalid', `${file} is binary; it must be UTF-8 text with one JSON object a line`);
}

/** @param unended whether no line feed follows */
function parseObject(text: string, unended: boolean): { row: JsonObject } | { reason: string } {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return { row: row as JsonObject };
    return { reason: 'not a JSON object' };
  } catch {
    // What JSON.parse says shows the text, which may be a file that was never meant.
    return { reason: unended ? 'not JSON; the file ends within this line, as if it were cut off' : 'not JSON' };
  }
}
