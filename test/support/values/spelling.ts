import { Random } from '../../../src/domain/random/random';
import {
  PyComplex,
  PyDict,
  PyValue,
  bytesOf,
  canonicalText,
  codePointsOf,
  equalValues,
  pyFloat,
  pyInt,
} from '../../../src/domain/value';
import { onceIn, pick } from './pick';

const BLANKS = ['', '', '', '', '', ' ', '  ', '\n', '\r\n', '\t', '\f', ' # note ] "\n', '\\\n'];

/** A text of Python that has the given value, one of the many: other quotes, bases, escapes, blanks, constructors. */
export function spell(value: PyValue, random: Random): string {
  return blank(random) + spelled(value, random) + blank(random);
}

function spelled(value: PyValue, random: Random): string {
  switch (value.kind) {
    case 'int':
      return spellInteger(value.value, random);
    case 'float':
      return spellFloat(value.value, random);
    case 'complex':
      return spellComplex(value, random);
    case 'bool':
      return pick(random, [canonicalText(value), `(${canonicalText(value)})`]);
    case 'str':
      return spellUnits(codePointsOf(value), '', random);
    case 'bytes':
      return spellUnits(Array.from(bytesOf(value)), 'b', random);
    case 'list':
      return `[${items(value.items, random)}]`;
    case 'tuple':
      return `(${items(value.items, random)}${value.items.length === 1 ? ',' : ''})`;
    case 'set':
      return spellSet(value.members, random);
    case 'frozenset':
      return `frozenset(${pick(random, [`[${items(value.members, random)}]`, spellSet(value.members, random)])})`;
    case 'dict':
      return spellDict(value, random);
    case 'ellipsis':
      return pick(random, ['...', 'Ellipsis']);
    default:
      return canonicalText(value);
  }
}

function spellSet(members: readonly PyValue[], random: Random): string {
  const elements = items([...members, ...equalOnes(members, random)], random);
  const call = pick(random, [`set([${elements}])`, `set(frozenset([${elements}]))`]);
  return members.length === 0 ? pick(random, ['set()', call]) : pick(random, [`{${elements}}`, `{${elements},}`, call]);
}

function spellDict({ entries }: PyDict, random: Random): string {
  const later = equalOnes(
    entries.map(([key]) => key),
    random,
  );
  // Where a key comes again, its first value is of no account.
  const pairs = entries.map(([key, value]): [string, string] => [spell(key, random), spell(value, random)]);
  for (const key of later) {
    const index = entries.findIndex(([other]) => equalValues(key, other, 'python'));
    pairs.push([spell(key, random), pairs[index]![1]]);
    pairs[index]![1] = '[0]';
  }
  const display = `{${pairs.map(([key, value]) => `${key}:${value}`).join(',')}}`;
  const call = `dict([${pairs.map(([key, value]) => `(${key},${value})`).join(',')}])`;
  return pick(random, [display, display, call, `dict(${display})`]);
}

/** A few numbers that are equal to members but often of another type; they change nothing behind those. */
function equalOnes(members: readonly PyValue[], random: Random): PyValue[] {
  return members
    .filter(() => onceIn(6, random))
    .flatMap((member): PyValue[] => {
      if (member.kind === 'bool') return [pyInt(member.value ? 1n : 0n)];
      if (member.kind === 'float' && Number.isInteger(member.value)) return [pyInt(BigInt(member.value))];
      if (member.kind === 'int' && Number.isSafeInteger(Number(member.value))) return [pyFloat(Number(member.value))];
      return [];
    });
}

const items = (values: readonly PyValue[], random: Random): string =>
  values.map((value) => spell(value, random)).join(',');

function spellInteger(value: bigint, random: Random): string {
  const magnitude = value < 0n ? -value : value;
  const decimal = magnitude.toString();
  const digits = pick(random, [
    () => decimal,
    () => decimal,
    () => decimal.replace(/(.{1,3})(?!$)/g, '$1_'),
    () => `0x${magnitude.toString(16)}`,
    () => `0X_${magnitude.toString(16).toUpperCase()}`,
    () => `0o${magnitude.toString(8)}`,
    () => `0b${magnitude.toString(2)}`,
  ])();
  if (value < 0n) return pick(random, [`-${digits}`, `- ${digits}`, `-+${digits}`, `(-${digits})`, `~${-1n - value}`]);
  return pick(random, [digits, digits, `+${digits}`, `--${digits}`, `(${digits})`]);
}

function spellFloat(value: number, random: Random): string {
  const text = canonicalText(pyFloat(value));
  if (value === Infinity) return pick(random, [text, '1e999', "float(' Infinity ')", '1e308*10']);
  if (!Number.isFinite(value)) return text;
  if (Number.isInteger(value) && value !== 0 && onceIn(4, random)) return `float(${BigInt(value)})`;
  const exact = [text, text.replace('e', 'E'), text.replace(/\.0$/, '.'), `0${text}`, `float('${text}')`];
  if (text.startsWith('0.')) exact.push(text.slice(1));
  return text.startsWith('-') ? pick(random, [text, `(${text})`]) : pick(random, exact);
}

function spellComplex(value: PyComplex, random: Random): string {
  const [re, im] = [spellFloat(value.re, random), spellFloat(value.im, random)];
  return pick(random, [canonicalText(value), `complex(${re},${im})`]);
}

/** One literal, or two adjacent ones. */
function spellUnits(units: readonly number[], prefix: string, random: Random): string {
  const cut = random.below(4) === 0 ? random.below(units.length + 1) : units.length;
  const pieces = cut === units.length ? [units] : [units.slice(0, cut), units.slice(cut)];
  return pieces.map((piece) => spellPiece(piece, prefix, random)).join(blank(random) || ' ');
}

function spellPiece(units: readonly number[], prefix: string, random: Random): string {
  const isRawable = units.every((unit) => unit >= 0x20 && unit < 0x7f && unit !== 0x27 && unit !== 0x5c);
  if (isRawable && random.below(3) === 0)
    return `${pick(random, ['r', 'R'])}${prefix}'${String.fromCodePoint(...units)}'`;
  const quote = pick(random, ["'", '"', "'''", '"""']);
  const written = units.map((unit) => spellUnit(unit, quote, prefix === 'b', random)).join('');
  return pick(random, prefix === 'b' ? ['b', 'B'] : ['', '', 'u', 'U']) + quote + written + quote;
}

function spellUnit(unit: number, quote: string, isBytes: boolean, random: Random): string {
  const hex = unit.toString(16);
  const escapes = unit <= 0xff ? [`\\x${hex.padStart(2, '0')}`, `\\${unit.toString(8).padStart(3, '0')}`] : [];
  if (!isBytes && unit <= 0xffff) escapes.push(`\\u${hex.padStart(4, '0')}`);
  if (!isBytes) escapes.push(`\\U${hex.padStart(8, '0')}`);
  const isWritable = unit >= 0x20 && unit !== 0x5c && unit !== quote.charCodeAt(0) && (unit < 0xd800 || unit > 0xdfff);
  const isPlain = (isWritable && (!isBytes || unit < 0x7f)) || (unit === 0x0a && quote.length === 3);
  if (isPlain && random.below(8) > 0) return String.fromCodePoint(unit);
  return (random.below(12) === 0 ? '\\\n' : '') + pick(random, escapes);
}

const blank = (random: Random): string => (onceIn(4, random) ? pick(random, BLANKS) : '');
