import { Arguments } from '../arguments';
import { PyComplex, PyRange, PyValue } from '../value';
import { shortestDigits } from './float-repr';
import { bytesRepr, strRepr } from './string-repr';

/**
 * CPython's `repr`, with two departures. Floats and complex numbers that are not finite are spelled `float('nan')`,
 * `float('-inf')`, `complex('nan+infj')`, since their repr is no Python value. The members of a set are in one order,
 * numbers by size. So the text reads back as an equal value, and sets that are equal have one text; the order of a dict
 * and the sign of a zero show.
 */
export function canonicalText(value: PyValue): string {
  switch (value.kind) {
    case 'none':
      return 'None';
    case 'ellipsis':
      return 'Ellipsis';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.value.toString();
    case 'float':
      return floatText(value.value);
    case 'complex':
      return complexText(value);
    case 'str':
      return strRepr(value);
    case 'bytes':
      return bytesRepr(value);
    case 'list':
      return `[${joined(value.items)}]`;
    case 'tuple':
      return `(${joined(value.items)}${value.items.length === 1 ? ',' : ''})`;
    case 'set':
      return value.members.length === 0 ? 'set()' : `{${membersText(value.members)}}`;
    case 'frozenset':
      return value.members.length === 0 ? 'frozenset()' : `frozenset({${membersText(value.members)}})`;
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${canonicalText(key)}: ${canonicalText(item)}`).join(', ')}}`;
    case 'range':
      return rangeText(value);
  }
}

/** The canonical text of an argument list; `parseArguments` reads it back. */
export function canonicalArguments({ positional, keyword }: Arguments): string {
  const named = keyword.map(([name, value]) => `${name}=${canonicalText(value)}`);
  return [...positional.map(canonicalText), ...named].join(', ');
}

const joined = (values: readonly PyValue[]): string => values.map(canonicalText).join(', ');

function floatText(value: number): string {
  if (!Number.isFinite(value)) return `float('${partText(value)}')`;
  const digits = partText(value);
  return /^-?[0-9]+$/.test(digits) ? `${digits}.0` : digits;
}

function complexText({ re, im }: PyComplex): string {
  const signed = partText(im);
  const imaginary = `${signed.startsWith('-') ? '' : '+'}${signed}j`;
  const isBare = Object.is(re, 0);
  if (Number.isFinite(re) && Number.isFinite(im)) return isBare ? `${signed}j` : `(${partText(re)}${imaginary})`;
  return `complex('${isBare ? `${signed}j` : `${partText(re)}${imaginary}`}')`;
}

function partText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return shortestDigits(value);
  return value > 0 ? 'inf' : '-inf';
}

function rangeText({ start, stop, step }: PyRange): string {
  return `range(${start}, ${stop}${step === 1n ? '' : `, ${step}`})`;
}

function membersText(members: readonly PyValue[]): string {
  const texts = members.map((member) => ({ size: sizeOf(member), text: canonicalText(member) }));
  texts.sort((a, b) => compare(a.size, b.size) || compare(a.text, b.text));
  return texts.map(({ text }) => text).join(', ');
}

/** What real numbers are sorted by; all else stands behind them. */
function sizeOf(value: PyValue): bigint | number {
  const isReal = value.kind === 'int' || value.kind === 'float';
  return isReal && !Number.isNaN(value.value) ? value.value : Infinity;
}

/** JavaScript compares integers with doubles exactly. */
function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
