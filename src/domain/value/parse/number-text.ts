import { InvalidValueError, PyComplex, PyFloat, PyStr, pyComplex, pyFloat } from '../value';
import { withoutUnderscores } from './digit';

const MAX_LENGTH = 1000;
const DIGITS = '[0-9]+(?:_[0-9]+)*';
const UNSIGNED = `(?:(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?|inf(?:inity)?|nan)`;
const FLOAT = new RegExp(`^[+-]?${UNSIGNED}$`, 'i');
const COMPLEX = new RegExp(`^(?:([+-]?${UNSIGNED})(?:([+-]${UNSIGNED}?)j)?|([+-]?${UNSIGNED}?)j)$`, 'i');

/** CPython's `float(text)` for ASCII digits. @throws InvalidValueError for any other text */
export function floatOfText(str: PyStr): PyFloat {
  const text = trimmed(str);
  if (!FLOAT.test(text)) throw new InvalidValueError('the text in float(...) is no number');
  return pyFloat(toDouble(text));
}

/** CPython's `complex(text)` for ASCII digits. @throws InvalidValueError for any other text */
export function complexOfText(str: PyStr): PyComplex {
  const text = trimmed(str);
  const parts = COMPLEX.exec(/^\(.*\)$/s.test(text) ? withoutBlanks(text.slice(1, -1)) : text);
  if (parts === null) throw new InvalidValueError('the text in complex(...) is no complex number');
  const [, re = '0', im = '0', onlyIm] = parts;
  return pyComplex(toDouble(re), toDouble(onlyIm ?? im));
}

function trimmed({ text }: PyStr): string {
  if (text.length > MAX_LENGTH) throw new InvalidValueError(`the text of a number is over ${MAX_LENGTH} long`);
  return withoutBlanks(text);
}

const withoutBlanks = (text: string): string => text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');

/** A sign alone, or nothing, stands for one: `complex('-j')`. */
function toDouble(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '').toLowerCase();
  if (digits === '') return sign;
  if (digits === 'nan') return NaN;
  return sign * (digits.startsWith('inf') ? Infinity : Number(withoutUnderscores(digits)));
}
