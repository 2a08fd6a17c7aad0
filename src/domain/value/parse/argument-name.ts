import { isPrintable } from '../repr/printable';
import { InvalidValueError } from '../value';

const RESERVED = new Set(
  (
    'False None True __debug__ and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

const MAX_LENGTH = 1000;

/** Characters that names have had since Unicode 15.1. */
const NEWER = /[\u30fb\uff65]/;

/**
 * The name that Python binds for the written one, which is its NFKC form.
 * @throws InvalidValueError for a keyword of the language, for a name of more than 1,000 characters, and for characters
 *   that CPython 3.11 does not know (Unicode 14.0)
 */
export function argumentName(written: string): string {
  const name = written.length > MAX_LENGTH ? written : written.normalize('NFKC');
  if (name.length > MAX_LENGTH) throw new InvalidValueError(`a name has at most ${MAX_LENGTH} characters`);
  if (RESERVED.has(name)) throw new InvalidValueError(`${name} names no argument`);
  if (isOfUnicode14(written)) return name;
  throw new InvalidValueError('a name has a character that Unicode 14.0 does not allow in names');
}

function isOfUnicode14(written: string): boolean {
  for (let at = 0; at < written.length; at += 1) {
    const point = written.codePointAt(at)!;
    if (!isPrintable(point)) return false;
    if (point > 0xffff) at += 1;
  }
  return !NEWER.test(written);
}
