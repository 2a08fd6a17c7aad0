import { InvalidValueError } from '../value';

const RESERVED = new Set(
  (
    'False None True __debug__ and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

const MAX_LENGTH = 1000;

/**
 * The name that Python binds for the written one, which is its NFKC form.
 * @throws InvalidValueError for a keyword of the language, and for a name of more than 1,000 characters
 */
export function argumentName(written: string): string {
  if (written.length > MAX_LENGTH) throw new InvalidValueError(`a name has at most ${MAX_LENGTH} characters`);
  if (RESERVED.has(written)) throw new InvalidValueError(`${written} names no argument`);
  return written.normalize('NFKC');
}
