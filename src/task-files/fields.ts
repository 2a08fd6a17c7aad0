import { AzrError } from '../domain/errors';
import { shortened } from '../domain/shortened';
import type { JsonObject } from './json-lines';

/** @throws AzrError naming the field, when it is not there or not a text */
export function textField(row: JsonObject, field: string): string {
  const value = row[field];
  if (typeof value === 'string') return value;
  throw wrongField(field, value, 'a text');
}

/** @throws AzrError naming the field, when it is not there or not a list of texts */
export function textsField(row: JsonObject, field: string): string[] {
  const value = row[field];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrongField(field, value, 'a list of texts');
}

/** A text or a whole number, as a text. @throws AzrError naming the field, when it is neither */
export function nameField(row: JsonObject, field: string): string {
  const value = row[field];
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw wrongField(field, value, 'a text or a whole number');
}

/** The error of a field that does not hold `wanted`. */
export function wrongField(field: string, value: unknown, wanted: string): AzrError {
  if (value === undefined) return new AzrError('invalid', `${field} is missing; it must be ${wanted}`);
  return new AzrError('invalid', `${field} is ${shown(value)}, not ${wanted}`);
}

/** JSON can be nested deeper than it can be written. */
function shown(value: unknown): string {
  try {
    return shortened(JSON.stringify(value));
  } catch {
    return 'something deeply nested';
  }
}

/** The error of a row that none of the `known` shapes fits. */
export function unknownShape(row: JsonObject, known: readonly string[]): AzrError {
  const keys = Object.keys(row);
  const has = keys.length === 0 ? 'no keys' : `the keys ${shortened(keys.join(', '))}`;
  const wanted = known.length === 1 ? 'the known shape is' : 'known shapes are';
  return new AzrError('invalid', `unknown shape: it has ${has}; ${wanted} ${known.join(' · ')}`);
}
