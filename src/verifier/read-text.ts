import { canonicalArguments, parseArguments, ValueSyntaxError } from '../domain/value';

/** What `parse` makes of a text, or the syntax error that it met; anything else that is thrown is a bug and passes. */
export function readText<T>(parse: (text: string) => T, text: string): T | ValueSyntaxError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ValueSyntaxError) return error;
    throw error;
  }
}

/** The canonical text of an argument list; two lists are the same when it is. */
export const readInput = (text: string): string | ValueSyntaxError =>
  readText((input) => canonicalArguments(parseArguments(input)), text);
