import {
  PyValue,
  canonicalText,
  parseValue,
  pyBytes,
  pyComplex,
  pyDict,
  pyEllipsis,
  pyFalse,
  pyFloat,
  pyFrozenset,
  pyInt,
  pyList,
  pyNone,
  pyRange,
  pySet,
  pyStr,
  pyStrOf,
  pyTrue,
  pyTuple,
} from '..';

describe('the canonical text', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1e15, '1000000000000000.0'],
    [9999999999999998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [2 ** 70, '1.1805916207174113e+21'],
    [1e22, '1e+22'],
    [1e100, '1e+100'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00001, '1e-05'],
    [-1.5e-7, '-1.5e-07'],
    [5e-324, '5e-324'],
    [0.1 + 0.2, '0.30000000000000004'],
    [123.456, '123.456'],
    [NaN, "float('nan')"],
    [-Infinity, "float('-inf')"],
  ])('writes the float %p as repr does', (value, expected) => expect(canonicalText(pyFloat(value))).toBe(expected));

  it.each([
    [0, 1, '1j'],
    [-0, 1, '(-0+1j)'],
    [1, -0, '(1-0j)'],
    [1.5, 1e16, '(1.5+1e+16j)'],
    [NaN, -Infinity, "complex('nan-infj')"],
    [0, NaN, "complex('nanj')"],
  ])('writes the complex number of %p and %p', (re, im, expected) =>
    expect(canonicalText(pyComplex(re, im))).toBe(expected),
  );

  it.each([
    [pyStr("it's"), `"it's"`],
    [pyStr(`it's "it"`), `'it\\'s "it"'`],
    [pyStr('\t\n\r\\\0\x7f'), `'\\t\\n\\r\\\\\\x00\\x7f'`],
    [pyStr('é\u00a0\u00ad\u2028中😀'), `'é\\xa0\\xad\\u2028中😀'`],
    [pyStrOf([0xd83d, 0xde00, 0x10ffff]), `'\\ud83d\\ude00\\U0010ffff'`],
    [pyBytes([0x27, 0x5c, 0x0a, 0x7e, 0x7f, 0xff]), `b"'\\\\\\n~\\x7f\\xff"`],
  ])('quotes and escapes %#', (value, expected) => expect(canonicalText(value)).toBe(expected));

  it.each<[PyValue, string]>([
    [pyTuple([]), '()'],
    [pyTuple([pyInt(1)]), '(1,)'],
    [pySet([]), 'set()'],
    [pyFrozenset([]), 'frozenset()'],
    [pyFrozenset([pyInt(1)]), 'frozenset({1})'],
    [
      pyDict([
        [pyStr('b'), pyNone],
        [pyStr('a'), pyEllipsis],
      ]),
      "{'b': None, 'a': Ellipsis}",
    ],
    [pyList([pyTrue, pyFalse, pyDict([])]), '[True, False, {}]'],
    [pyRange(0n, 5n), 'range(0, 5)'],
    [pyRange(5n, 0n, -1n), 'range(5, 0, -1)'],
  ])('writes the container %#', (value, expected) => expect(canonicalText(value)).toBe(expected));

  it('gives sets of the same members one text, numbers by size', () => {
    const numbers = [pyInt(10), pyFloat(2.5), pyInt(-3), pyInt(10n ** 30n), pyFloat(1e9)];
    const members = [pyStr('b'), ...numbers, pyStr('a'), pyTuple([])];
    const text = `{-3, 2.5, 10, 1000000000.0, ${10n ** 30n}, 'a', 'b', ()}`;
    expect(canonicalText(pySet(members))).toBe(text);
    expect(canonicalText(pySet([...members].reverse()))).toBe(text);
    expect(canonicalText(parseValue(text))).toBe(text);
  });
});
