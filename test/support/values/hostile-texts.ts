import { MAX_LENGTH, MAX_WORK } from '../../../src/domain/value/limits';

/** Repeats a piece up to the longest text that is read. */
export const filled = (piece: string, before = '', after = ''): string =>
  before + piece.repeat(Math.floor((MAX_LENGTH - before.length - after.length) / piece.length)) + after;

/** So many items, each made of its number, with commas between. */
const listed = (count: number, item: (index: number) => string | number): string =>
  Array.from({ length: Math.floor(count) }, (_, index) => item(index)).join();

const within = (open: string, levels: number, inner: string, close: string): string =>
  open.repeat(levels) + inner + close.repeat(levels);

/** As many values as are read, nearly. */
const MOST = MAX_WORK - 100;

const digits = (count: number): string => '9'.repeat(count);
const long = digits(4300);
const itself = (index: number): number => index;

/**
 * Texts of about 1 MB, or of few characters that ask for much, each of a kind that a careless reader takes long for.
 * Those that are read are about the largest values of their kind.
 */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  ...brackets(),
  ...numbers(),
  ...arithmetic(),
  ...strings(),
  ...openStrings(),
  ...names(),
  ...blanks(),
  ...values(),
  ...sets(),
  ...dicts(),
  ...constructors(),
};

function brackets(): Record<string, string> {
  return {
    'open brackets': filled('['),
    'brackets that match': within('[', MAX_LENGTH / 2, '', ']'),
    'brackets that do not match': filled('[)'),
    'braces with keys': filled('{1:'),
    'pairs of parentheses': filled('()'),
    'lists 100 deep': filled(`${within('[', 100, '', ']')},`),
    'numbers 140 parentheses deep': filled(`${within('(', 140, '1', ')')},`),
    'calls of calls': filled('frozenset('),
    'frozensets 140 deep': filled(`${within('frozenset(', 140, '', ')')},`),
    'tuples within tuples': filled('((((1,),),),),'),
    commas: filled(',', '1'),
    points: filled('.'),
  };
}

function numbers(): Record<string, string> {
  return {
    'a number of 1 MB': filled('9'),
    zeros: filled('0'),
    'a hexadecimal number of 1 MB': filled('f', '0x'),
    'hexadecimal zeros': filled('0', '0x', '1'),
    underscores: filled('1_', '', '1'),
    'underscores alone': filled('_', '1'),
    'a float of 1 MB': filled('1', '', '.5'),
    'a fraction of underscores': filled('1_', '0.', '1'),
    'a long exponent': filled('9', '1e'),
    'a negative exponent': filled('9', '1e-'),
    'floats close to the middle of two': filled(`9007199254740993.${'0'.repeat(750)}1,`),
    'numbers of 4,300 digits': filled(`${long},`),
    'hexadecimal numbers of 4,300 digits': filled(`0x${(10n ** 4300n - 1n).toString(16)},`),
    'imaginary numbers': filled('1e5j,'),
  };
}

function arithmetic(): Record<string, string> {
  return {
    signs: filled('-'),
    'signs before numbers': filled(`${'-'.repeat(150)}1,`),
    'signs before long numbers': filled(`${'~-'.repeat(75)}${long},`),
    'a sum of ones': filled('1+', '', '1'),
    'a sum of long numbers': filled(`${digits(4000)}+`, '', '1'),
    'products of long numbers': filled(`${digits(2100)}*${digits(2100)},`),
    'quotients of long numbers': filled(`${long}/${digits(4200)},`),
    'remainders of long numbers': filled(`${long}%${digits(2150)},`),
    'quotients of small numbers': filled('1/2**1074,'),
    'powers of powers': filled('2**'),
    'long powers': filled('9**4000,'),
    'powers of one': filled('1**1,'),
    'powers of floats': filled('1.1**300,'),
    'powers of tiny floats': filled('1e-300**9,'),
    'quotients of complex numbers': filled('1j/3j,'),
    'terms of every kind': filled('(1+2)*3-4//5%6,'),
  };
}

function strings(): Record<string, string> {
  const string = (piece: string, prefix = ''): string => filled(piece, `${prefix}'`, "'");
  return {
    'a string of 1 MB': string('a'),
    'a string of é': string('é'),
    'a string of 😀': string('😀'),
    'a string that is not printable': string('\ue000'),
    'control characters': string('\x01'),
    'hexadecimal escapes': string('\\x41'),
    'octal escapes': string('\\7'),
    'surrogates that are no pair': string('\\ud83d\\ude00'),
    'low surrogates behind text': string(`${'a'.repeat(40)}\\ude00`),
    'escapes of eight digits': string('\\U0010ffff'),
    'named escapes': string('\\N{DIGIT ONE}'),
    'continued strings': string('\\\n'),
    'escaped quotes': string("\\'"),
    'quotes of both kinds': filled(`'"`, "'''", "'''"),
    'raw backslashes': string('\\\\', 'r'),
    'line breaks in a string': filled('\r', "'''", "'''"),
    'bytes of 1 MB': string('a', 'b'),
    'escapes in bytes': string('\\xff', 'b'),
    'adjacent strings': filled("'a'"),
    'adjacent empty strings': filled("''"),
    'adjacent long strings': filled(`'${'a'.repeat(998)}'`),
    'adjacent bytes': filled("b'a'"),
    'strings with prefixes': filled("rb''"),
  };
}

function openStrings(): Record<string, string> {
  return {
    'a string that is not closed': filled('a', "'"),
    'a triple string that is not closed': filled("''a", "'''"),
    'a raw string that is not closed': filled('\\', "r'"),
    'bytes that are not closed': filled('a', 'b"""'),
    'strings that each open the next': filled("'a"),
    'triple strings that each open the next': filled("'''a"),
    'quotes alone': filled('"'),
    'bytes that end in é': filled('a', "b'", "é'"),
    'an f-string': filled('{', "f'", "'"),
    'a prefix of 1 MB': filled('r', '', "''"),
  };
}

function names(): Record<string, string> {
  return {
    'a name of 1 MB': filled('a'),
    'a name of é': filled('é'),
    'a name that is longer when normalised': filled('ﷺ', 'a', '=1'),
    'keywords with long names': `dict(${listed(1000, (index) => `${'ﬃ'.repeat(300)}${index}=1`)})`,
    keywords: `dict(${listed(MOST / 7, (index) => `a${index}=1`)})`,
    'one keyword again and again': filled('a=1,', 'dict(', ')'),
    'names of constants': filled('True,'),
  };
}

function blanks(): Record<string, string> {
  return {
    blanks: filled(' ', '', '1'),
    'form feeds': filled('\f'),
    'line breaks of old': filled('\r'),
    'continued lines': filled('\\\n'),
    'a comment of 1 MB': filled('#', '', '\n1'),
    comments: filled('#\n', '1'),
    'no-break spaces': filled('\u00a0'),
    'byte order marks': filled('\ufeff'),
    NULs: filled('\0', '1'),
  };
}

function values(): Record<string, string> {
  return {
    'more ones than are read': filled('1,'),
    'a list of numbers': `[${listed(MOST, itself)}]`,
    'a list of floats': `[${listed(MOST, (index) => `${index}.125`)}]`,
    'a list of strings': `[${listed(MOST, (index) => `'s${index}'`)}]`,
    'a list of infinities': `[${listed(MOST / 6, () => '1e999')}]`,
    'a list of complex numbers': `[${listed(MOST / 4, (index) => `${index}+1j`)}]`,
    'lists of lists': `[${listed(MOST / 2, (index) => `[${index}]`)}]`,
    'empty dicts': `[${listed(MOST, () => '{}')}]`,
  };
}

function sets(): Record<string, string> {
  const set = (count: number, item: (index: number) => string | number): string => `{${listed(count, item)}}`;
  return {
    'a set of numbers': set(MOST / 2, itself),
    'a set of one number': filled('1,', '{', '}'),
    'a set of numbers that are equal': filled('1,1.0,True,1+0j,', '{', '}'),
    'numbers with equal low bits': set(MOST / 4, (index) => ((BigInt(index) << 64n) + 1n).toString()),
    'a set of long numbers': set(MOST / 520, (index) => 10n ** 4299n + BigInt(index) + ''),
    'a set of floats': set(MOST / 2, (index) => `${index}.5e-300`),
    'a set of NaNs': set(MOST / 7, () => '1e999-1e999'),
    'a set of strings': set(MOST / 2, (index) => `'${index * 1024}'`),
    'strings that begin alike': set(60, (index) => `'${'a'.repeat(17000)}${index + 100}'`),
    'a set of tuples': set(MOST / 3, (index) => `(${index},)`),
    'a set of deep tuples': set(MOST / 51, (index) => within('(', 49, `${index}`, ',)')),
    'a set of frozensets': set(MOST / 9, (index) => `frozenset({${index}})`),
    'one frozenset again and again': filled('frozenset(),', '{', '}'),
    'frozensets within frozensets': within('frozenset({', 70, listed(MOST / 2 - 350, itself), '})'),
    'tuples with long keys': set(MOST / 2800, (index) => `(${index},${listed(2700, itself)})`),
    'a set of ranges': set(MOST / 530, (index) => `range(${10n ** 4290n + BigInt(index)})`),
  };
}

function dicts(): Record<string, string> {
  const dict = (count: number, entry: (index: number) => string): string => `{${listed(count, entry)}}`;
  return {
    'a dict of numbers': dict(MOST / 3, (index) => `${index}:${index}`),
    'a dict that is too large': dict(110000, (index) => `${index}:1`),
    'a dict of strings': dict(MOST / 3, (index) => `'${index}':'${index}'`),
    'keys that are equal': filled('1:1,1.0:1,', '{', '}'),
    'a dict of dicts': dict(MOST / 3, (index) => `${index}:{}`),
  };
}

function constructors(): Record<string, string> {
  const copies = (open: string, inner: string, close: string): string => within(open, 140, inner, close);
  return {
    'a set of a range': `set(range(${MOST / 2}))`,
    'a set of an endless range': 'set(range(10**18))',
    'a set of a range of long numbers': 'set(range(10**4299, 10**4299+30000))',
    'a frozenset of a range': `frozenset(range(${MOST / 2}))`,
    'sets of ranges': filled('set(range(100)),'),
    'a set of a long string': `set('${'a'.repeat(MOST / 2)}')`,
    'bytes of a size': `bytes(${MOST})`,
    'bytes of no size': filled('bytes(),'),
    'bytes of a list': `bytes([${listed(MOST / 2, (index) => index % 256)}])`,
    'copies of a set': copies('set(', `[${listed(MOST / 3, itself)}]`, ')'),
    'copies of a dict with a long key': copies('dict(', `{'${'a'.repeat(1e6)}': 1}`, ',a=1)'),
    'copies of a dict with a large key': copies('dict(', `{(${listed(MOST / 2, itself)}):1}`, ',a=1)'),
    'copies of a dict with deep keys': copies(
      'dict(',
      `{${listed(400, (i) => `${within('(', 5, `${i}`, ',)')}:1`)}}`,
      ',a=1)',
    ),
    'a dict of pairs': `dict([${listed(MOST / 5, (index) => `(${index},${index})`)}])`,
    'a number of 1 MB in quotes': filled('1', "float('", "')"),
    'numbers in quotes': filled("float('1.5'),"),
    'long numbers in quotes': filled(`float('${'1'.repeat(990)}'),`),
    'blanks in quotes': filled(`float('1${' '.repeat(990)}'),`),
    'complex numbers in quotes': filled(`complex('${'1_'.repeat(480)}1+1j'),`),
    ranges: filled('range(3),'),
  };
}
