import { AzrError, messageOf } from '../domain/errors';
import { wrongField } from '../task-files/fields';
import type { JsonObject } from '../task-files/json-lines';

/** Milliseconds; what the executor takes as the limit of a run. */
const LONGEST_RUN_MS = 60_000;

/** What `read` gives; its errors name the field that it read from. @throws AzrError */
export function within<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AzrError) throw new AzrError('invalid', `${field}: ${messageOf(error)}`);
    throw error;
  }
}

/** @throws AzrError naming the field, when it holds no JSON object */
export function objectField(row: JsonObject, field: string): JsonObject {
  const value = row[field];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrongField(field, value, 'an object');
}

/** @throws AzrError naming the field, when it holds no list with something in it */
export function listField(row: JsonObject, field: string): unknown[] {
  const value = row[field];
  if (Array.isArray(value) && value.length > 0) return value;
  throw wrongField(field, value, 'a list of at least one');
}

/** @throws AzrError naming the field, when it holds none of the `legal` words */
export function wordField<W extends string>(row: JsonObject, field: string, legal: readonly W[]): W {
  const value = row[field];
  if (legal.includes(value as W)) return value as W;
  throw wrongField(field, value, `one of ${legal.join(', ')}`);
}

/** @throws AzrError naming the field, when it holds anything but a list of `legal` words, one at least */
export function wordsField<W extends string>(row: JsonObject, field: string, legal: readonly W[]): W[] {
  return listField(row, field).map((value, i) => wordField({ [`${field}[${i}]`]: value }, `${field}[${i}]`, legal));
}

/** @throws AzrError naming the field, when it holds no limit of a run */
export function timeoutField(row: JsonObject, field: string): number {
  const value = row[field];
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LONGEST_RUN_MS) return value as number;
  throw wrongField(field, value, `a whole number of milliseconds from 1 to ${LONGEST_RUN_MS}`);
}

/** An expectation that is not understood cannot be said to be met. @throws AzrError naming a key that is not known */
export function onlyKeys(row: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(row).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new AzrError('invalid', `the key ${JSON.stringify(unknown)} is not known; there are ${known.join(', ')}`);
}
