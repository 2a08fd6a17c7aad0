import { Random } from '../../../src/domain/random/random';
import { PyDict, PyValue, canonicalText, textOf } from '../../../src/domain/value';

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
      return Number.isFinite(value.value) ? spellFloat(canonicalText(value), random) : canonicalText(value);
    case 'str':
      return spellUnits(value.codePoints, '', random);
    case 'bytes':
      return spellUnits(Array.from(value.bytes), 'b', random);
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
  const elements = items(members, random);
  const call = pick(random, [`set([${elements}])`, `set(frozenset([${elements}]))`]);
  return members.length === 0 ? pick(random, ['set()', call]) : pick(random, [`{${elements}}`, `{${elements},}`, call]);
}

function spellDict({ entries }: PyDict, random: Random): string {
  const pairs = entries.map(([key, value]) => [spell(key, random), spell(value, random)] as const);
  const display = `{${pairs.map(([key, value]) => `${key}:${value}`).join(',')}}`;
  const call = `dict([${pairs.map(([key, value]) => `(${key},${value})`).join(',')}])`;
  return pick(random, [display, display, call, `dict(${display})`]);
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

function spellFloat(text: string, random: Random): string {
  const exact = [text, text.replace('e', 'E'), text.replace(/\.0$/, '.'), `0${text}`, `float('${text}')`];
  if (text.startsWith('0.')) exact.push(text.slice(1));
  return text.startsWith('-') ? pick(random, [text, `(${text})`]) : pick(random, exact);
}

/** One literal, or two adjacent ones. */
function spellUnits(units: readonly number[], prefix: string, random: Random): string {
  const cut = random.below(4) === 0 ? random.below(units.length + 1) : units.length;
  const pieces = cut === units.length ? [units] : [units.slice(0, cut), units.slice(cut)];
  return pieces.map((piece) => spellPiece(piece, prefix, random)).join(blank(random) || ' ');
}

function spellPiece(units: readonly number[], prefix: string, random: Random): string {
  const isRawable = units.every((unit) => unit >= 0x20 && unit < 0x7f && unit !== 0x27 && unit !== 0x5c);
  if (isRawable && random.below(3) === 0) return `${pick(random, ['r', 'R'])}${prefix}'${textOf(units)}'`;
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

const blank = (random: Random): string => (random.below(4) === 0 ? pick(random, BLANKS) : '');

const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.below(choices.length)]!;
