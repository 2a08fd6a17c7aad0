import { shortened } from '../shortened';
import { equalValues, parseValue, ValueSyntaxError, type EqualityMode, type PyValue } from '../value';

/** UTF-16 units of an output that a message shows. */
const SHOWN = 200;

/**
 * Whether an output that a file gives is the one that was found. It is read as `repr` writes it, `inf` and `nan`
 * included.
 * @param found canonical text
 */
export function isOutput(stored: string, found: string, equality: EqualityMode): boolean {
  const value = valueOf(stored);
  return value !== undefined && equalValues(value, parseValue(found), equality);
}

/** Both outputs in a line for a person. */
export const outputsDiffer = (stored: string, found: string): string =>
  `the output is ${shown(stored)}, and the program gives ${shown(found)}`;

const shown = (output: string): string =>
  output.trim() === '' ? 'empty' : shortened(output, SHOWN).replace(/\s*[\r\n]\s*/g, ' ');

function valueOf(text: string): PyValue | undefined {
  try {
    return parseValue(text, { allowReprNames: true });
  } catch (error) {
    if (error instanceof ValueSyntaxError) return undefined;
    throw error;
  }
}
