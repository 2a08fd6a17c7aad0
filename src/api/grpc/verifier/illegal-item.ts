import { canonicalArguments, canonicalText, parseArguments, parseValue, ValueSyntaxError } from '../../../domain/value';
import { readText } from '../../../verifier/read-text';

/** An item of a request cannot be judged; the others can. */
export class IllegalItem extends Error {
  constructor(
    /** Path within the item, as the contract names it. */
    readonly field: string,
    /** What it holds; empty where it is not set. */
    readonly value: string,
    /** What would be right. */
    readonly legal: string,
  ) {
    super(`${field}: ${value} is not legal; ${legal}`);
  }
}

/** What `read` gives, or why the item is illegal; anything else that is thrown is a bug and passes. */
export async function orIllegal<T>(read: () => T | Promise<T>): Promise<T | IllegalItem> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof IllegalItem) return error;
    throw error;
  }
}

/** The canonical text of a value, which may be written as `repr` writes it. @throws IllegalItem */
export function valueOf(field: string, text: string): string {
  const value = readText((it) => canonicalText(parseValue(it, { allowReprNames: true })), text);
  if (value instanceof ValueSyntaxError) throw new IllegalItem(field, text, `it is a Python value: ${value.message}`);
  return value;
}

/** The canonical text of an argument list. @throws IllegalItem */
export function argumentsOf(field: string, text: string): string {
  const list = readText((it) => canonicalArguments(parseArguments(it, { allowReprNames: true })), text);
  if (list instanceof ValueSyntaxError) throw new IllegalItem(field, text, `it is an argument list: ${list.message}`);
  return list;
}
