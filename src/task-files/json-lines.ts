import { loadableFileSize } from '../config/regular-file';
import { AzrError } from '../domain/errors';
import { byteLines, reading } from './byte-lines';

export type JsonObject = Record<string, unknown>;

/** A line of a JSONL file: its object, or why it has none. Lines count from 1. */
export type JsonLine = { line: number; row: JsonObject } | { line: number; reason: string };

/** Bytes of a line. One that is longer is no object, and is never held in memory. */
const LONGEST_LINE = 16 << 20;

/**
 * The lines of a file that are not blank, read as they are asked for. Only a line feed ends a line: U+2028 and its like
 * may stand in a text.
 * @throws AzrError naming the file, when it cannot be read, begins with a line that is no text, or is empty or blank
 */
export function* jsonLines(file: string): Generator<JsonLine, void, undefined> {
  let isFirst = true;
  for (const { line, bytes, isEnded } of byteLines(file, LONGEST_LINE)) {
    const text = bytes && textOf(bytes);
    if (text === '') continue;
    if (isFirst && text === NO_TEXT) {
      throw new AzrError('invalid', `${file} is binary; it must be UTF-8 text with one JSON object a line`);
    }
    isFirst = false;
    yield { line, ...parseObject(text, isEnded) };
  }
  if (isFirst) throw new AzrError('invalid', `${file} is empty; it must hold one JSON object a line`);
}

/** All of them. @throws AzrError also where the file is too large to be held in memory */
export function readJsonLines(file: string): JsonLine[] {
  reading(file, () => loadableFileSize(file));
  return [...jsonLines(file)];
}

const NO_TEXT = Symbol('no text');
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Without the white space around it. */
function textOf(bytes: Buffer): string | typeof NO_TEXT {
  if (bytes.includes(0)) return NO_TEXT;
  try {
    return decoder.decode(bytes).trim();
  } catch {
    return NO_TEXT;
  }
}

/** @param text undefined where the line is too long to be looked at */
function parseObject(
  text: string | typeof NO_TEXT | undefined,
  isEnded: boolean,
): { row: JsonObject } | { reason: string } {
  if (text === undefined) return { reason: `longer than ${LONGEST_LINE} bytes` };
  if (text === NO_TEXT) return { reason: 'not UTF-8 text' };
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return { row: row as JsonObject };
    return { reason: 'not a JSON object' };
  } catch {
    // What JSON.parse says shows the text, which may be a file that was never meant.
    return { reason: isEnded ? 'not JSON' : 'not JSON; the file ends within this line, as if it were cut off' };
  }
}
