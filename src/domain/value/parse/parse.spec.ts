import { canonicalArguments, canonicalText, parseArguments, parseValue } from '..';
import { ValueSyntaxError } from './value-syntax-error';

const read = (text: string): string => canonicalText(parseValue(text));
const readArguments = (text: string): string => canonicalArguments(parseArguments(text));

describe('reading a value', () => {
  it.each([
    ['1_000', '1000'],
    ['0x_3E8', '1000'],
    ['0O17', '15'],
    ['0b1_0', '2'],
    ['00', '0'],
    ['0'.repeat(5000), '0'],
    ['0_7.5', '7.5'],
    ['1_0.0_1e1_0', '100100000000.0'],
    ['.5', '0.5'],
    ['5.', '5.0'],
    ['1E400', "float('inf')"],
    ['9007199254740993', '9007199254740993'],
    ['1_0J', '10j'],
  ])('reads the number %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    '01',
    '1__0',
    '1_',
    '_1',
    '0x',
    '0b2',
    '0o8',
    '1e',
    '1._5',
    '0_7',
    '5jj',
    '1if',
    '١',
    '1.5.5',
    '0xfg',
    '1 2',
  ])('refuses the number %s', (text) => expect(() => read(text)).toThrow(ValueSyntaxError));

  it.each([
    [`'a' "b" '''c\n'''`, `'abc\\n'`],
    [`r'\\n'`, `'\\\\n'`],
    [`r'\\''`, `"\\\\'"`],
    [`'\\101\\x42\\u0043\\U00000044\\7'`, `'ABCD\\x07'`],
    [`'\\a\\b\\t\\n\\v\\f\\r\\'\\"\\\\'`, `'\\x07\\x08\\t\\n\\x0b\\x0c\\r\\'"\\\\'`],
    [`'a\\\nb\\q'`, `'ab\\\\q'`],
    [`u'é' U"x"`, `'éx'`],
    [`'\\777'`, `'ǿ'`],
    [`b'\\777\\u0041' Rb'\\x'`, `b'\\xff\\\\u0041\\\\x'`],
    [`'''a'b''c'''`, `"a'b''c"`],
    [`''`, `''`],
    [`'\\ud83d' '\\ude00'`, `'\\ud83d\\ude00'`],
    [`'\\ud83d' '' '😀'`, `'\\ud83d😀'`],
    [`'\\U0001f600\\ude00'`, `'😀\\ude00'`],
    [`'a\\\r\nb'`, `'ab'`],
    [`r'''\\\r'''`, `'\\\\\\n'`],
    [`b'' b'a' b'\\xff'`, `b'a\\xff'`],
    [`'\\ud83d\\ude00'`, `'\\ud83d\\ude00'`],
    [`'😀'`, `'😀'`],
    [`'a\r\nb'`.replace(/'/g, `'''`), `'a\\nb'`],
  ])('reads the string %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    `f'{1}'`,
    `rF''`,
    `t''`,
    `ur''`,
    `bu''`,
    `x''`,
    `'a`,
    `'a\nb'`,
    `'''a''`,
    `'\\x4'`,
    `'\\u00g0'`,
    `'\\U00110000'`,
    `'\\N{DIGIT ONE}'`,
    `b'é'`,
    `'a' b'b'`,
    `r'\\'`,
    `'\\`,
    `'a\0b'`,
    `'\ud800'`,
  ])('refuses the string %j', (text) => expect(() => read(text)).toThrow(ValueSyntaxError));

  it.each([
    ['1, 2', '(1, 2)'],
    ['1,', '(1,)'],
    ['()', '()'],
    ['(1)', '1'],
    ['[1,\n 2] # and so on ]', '[1, 2]'],
    ['\r\n\t{ \\\n}\f', '{}'],
    ['{1,}', '{1}'],
    ['{1: 2, "a": [None, True, False, ...],}', "{1: 2, 'a': [None, True, False, Ellipsis]}"],
    ['{True: 1, 1: 2, 1.0: 3}', '{True: 3}'],
    ['{1, True, 1.0, 0.0, -0.0}', '{0.0, 1}'],
    ["{float('nan'), float('nan')}", "{float('nan'), float('nan')}"],
    ['{(1, frozenset({2})), range(0), range(2, 1)}', '{(1, frozenset({2})), range(0, 0)}'],
  ])('reads the container %j', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    '',
    ' # nothing',
    ',',
    '1,,',
    '[1',
    '[1)',
    '(1]',
    '{1: }',
    '{1: 2, 3}',
    '{1, 2: 3}',
    '{[1]}',
    '{({},): 1}',
    '{set()}',
    '1)+(2',
    '[*[1]]',
    '{**{}}',
    '[x for x in []]',
    '1 if 1 else 2',
    'not 1',
    '1 == 1',
    '1 < 2',
    '1 and 2',
    'lambda: 1',
    'x',
    'nan',
    'inf',
    '(x := 1)',
    '[1][0]',
    "'a'.upper()",
    '. . .',
    'a=1',
    '1;',
    '\ufeff1',
    '1\u00a0',
    '1 \\ ',
    '1\\',
  ])('refuses %j', (text) => expect(() => read(text)).toThrow(ValueSyntaxError));

  it.each([
    ['set()', 'set()'],
    ["frozenset('aab')", "frozenset({'a', 'b'})"],
    ['set({1: 2})', '{1}'],
    ['set(range(3))', '{0, 1, 2}'],
    ['dict(b=1, a=2)', "{'b': 1, 'a': 2}"],
    ['dict([(1, 2), [3, 4]], ﬁ=5)', "{1: 2, 3: 4, 'fi': 5}"],
    ['dict({1: 2}, )', '{1: 2}'],
    ['range(True, 9, 2)', 'range(1, 9, 2)'],
    ['bytes([1, True])', "b'\\x01\\x01'"],
    ['bytes(2)', "b'\\x00\\x00'"],
    ['bytes({1: 2})', "b'\\x01'"],
    ["set('\\ud83d\\ude00😀')", "{'\\ud83d', '\\ude00', '😀'}"],
    ['set(frozenset([2, 1]))', '{1, 2}'],
    ['dict({1: 2}, a=3)', "{1: 2, 'a': 3}"],
    ["float(' -Infinity\\n')", "float('-inf')"],
    ["float('1_0.5')", '10.5'],
    ['float(10**22)', '1e+22'],
    ["complex('1-j')", '(1-1j)'],
    ["complex('(nan-infj)')", "complex('nan-infj')"],
    ['complex(1, -2)', '(1-2j)'],
  ])('builds %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    'set',
    '(set)()',
    'set(1)',
    'set([[]])',
    'set([], [])',
    'set(a=1)',
    'range()',
    'range(1.0)',
    'range(0, 1, 0)',
    'bytes(-1)',
    "bytes('')",
    "bytes('a')",
    'bytes([256])',
    'bytes({1})',
    'dict([1])',
    'dict({(1, 2)})',
    'dict(frozenset())',
    'dict([(1, 2, 3)])',
    "dict(['ab'])",
    'dict(a=1, a=2)',
    'dict(if=1)',
    'dict(ｉｆ=1)',
    'dict(a・b=1)',
    'dict(__debug__=1)',
    'dict(**{})',
    'float([])',
    "float('0x1')",
    "float('1__0')",
    'float(10**400)',
    "complex('1+')",
    "complex('1 + 2j')",
    'list()',
    'str(1)',
    'int("1")',
    'tuple([1])',
    'bool(1)',
    'print(1)',
    'set().pop()',
  ])('does not build %s', (text) => expect(() => read(text)).toThrow(ValueSyntaxError));

  it('reads the names of repr only where that is asked for', () => {
    const options = { allowReprNames: true };
    expect(canonicalText(parseValue('[nan, -inf, (nan+infj)]', options))).toBe(
      "[float('nan'), float('-inf'), complex('nan+infj')]",
    );
  });

  it('says what is wrong and where', () => {
    expect(() => read("[1, open('x')]")).toThrow('expected a value, found the name open (at offset 4)');
    expect(() => read('[1, {[2]}]')).toThrow('a list cannot be a member of a set or a key of a dict (at offset 4)');
    expect(() => read('[1, 2')).toThrow('expected ], found the end of the text (at offset 5)');
  });
});

describe('reading an argument list', () => {
  it.each([
    ['', ''],
    [' # none\n', ''],
    ['1, 2,', '1, 2'],
    ['(1, 2)', '(1, 2)'],
    ['[1,\n 2], b = 3,\n a=4,', '[1, 2], b=3, a=4'],
    ['größe=1', 'größe=1'],
    ['1\n', '1'],
  ])('reads %j', (text, expected) => expect(readArguments(text)).toBe(expected));

  it.each([
    ',',
    '1,,2',
    'a=1, 2',
    'a=1, a=2',
    'ﬁ=1, fi=2',
    '*[1]',
    '**{}',
    '1=2',
    'a==1',
    'True=1',
    '0) or (1',
    'x for x in y',
    'a',
  ])('refuses %s', (text) => expect(() => readArguments(text)).toThrow(ValueSyntaxError));
});
