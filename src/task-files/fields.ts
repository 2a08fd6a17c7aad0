import { AzrError } from '../domain/errors';
import type { JsonObject } from './json-lines';

/** Characters of a wrong value, or of a row's keys, that a message shows. */
const SHOWN = 100;

const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

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

/** The error of a field that does not hold `wanted`. */
export function wrongField(field: string, value: unknown, wanted: string): AzrError {
  if (value === undefined) return new AzrError('invalid', `${field} is missing; it must be ${wanted}`);
  return new AzrError('invalid', `${field} is ${shortened(JSON.stringify(value))}, not ${wanted}`);
}

/** The error of a row that none of the `known` shapes fits. */
export function unknownShape(row: JsonObject, known: readonly string[]): AzrError {
  const keys = Object.keys(row);
  const has = keys.length === 0 ? 'no keys' : `the keys ${shortened(keys.join(', '))}`;
  const wanted = known.length === 1 ? 'the known shape is' : 'known shapes are';
  return new AzrError('invalid', `unknown shape: it has ${has}; ${wanted} ${known.join(' · ')}`);
}
