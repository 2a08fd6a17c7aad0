import { canonicalText, parseValue } from '..';

const read = (text: string): string => canonicalText(parseValue(text));

describe('arithmetic on numbers', () => {
  it.each([
    ['-2**2', '-4'],
    ['2**-1', '0.5'],
    ['2**3**2', '512'],
    ['-+~5', '6'],
    ['1 - 2 - 3', '-4'],
    ['2 + 3 * 4', '14'],
    ['True + True', '2'],
    ['+True', '1'],
    ['~False', '-1'],
    ['True ** True', '1'],
    ['0 ** 0', '1'],
    ['-(2**63)', '-9223372036854775808'],
  ])('%s is %s by precedence and type', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['7 // 2', '3'],
    ['-7 // 2', '-4'],
    ['7 // -2', '-4'],
    ['-7 % 3', '2'],
    ['7 % -3', '-2'],
    ['6 % -3', '0'],
    ['-7.5 // 2', '-4.0'],
    ['7.5 % -2', '-0.5'],
    ['-6.0 % 3', '0.0'],
    ['6.0 % -3', '-0.0'],
    ['-0.0 // 1', '-0.0'],
    ['1e300 // 1e-10', "float('inf')"],
    ['-1 // 1e300', '-1.0'],
    ['5.0 % float("inf")', '5.0'],
  ])('%s is %s, rounded down as Python does', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['3/4', '0.75'],
    ['1/3', '0.3333333333333333'],
    ['0/-5', '-0.0'],
    ['10**400 / 10**399', '10.0'],
    ['(2**53 + 1) / 1', '9007199254740992.0'],
    ['(2**54 + 3) / 1', '1.8014398509481988e+16'],
    ['1 / 10**323', '1e-323'],
    ['1 / 2**1075', '0.0'],
    ['3 / 2**1075', '1e-323'],
    ['-1 / 10**400', '-0.0'],
  ])('%s is %s, rounded once', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['10**-5', '1e-05'],
    ['1.5**2', '2.25'],
    ['(-2.0)**3', '-8.0'],
    ['(-0.0)**3', '-0.0'],
    ['1.1**7', '1.9487171000000012'],
    ['2.0**-1074', '5e-324'],
    ['2.0**-2000', '0.0'],
    ['(-2.0)**-2001', '-0.0'],
    ['1.0**10**300', '1.0'],
  ])('%s is the power %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['1 + 2j', '(1+2j)'],
    ['-1j', '(-0-1j)'],
    ['2j * 3j', '(-6+0j)'],
    ['(1+2j) / (3-4j)', '(-0.2+0.4j)'],
    ['1 / 2j', '-0.5j'],
  ])('%s is the complex number %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['1/0', 'division by zero'],
    ['1//0.0', 'division by zero'],
    ['1%False', 'division by zero'],
    ['0**-1', 'division by zero'],
    ['1j/0', 'division by zero'],
    ['10**400 + 1.0', 'too large for a float'],
    ['10**400 / 3', 'too large for a float'],
    ['10.0**309', 'too large for a float'],
    ['2**0.5', 'whole power'],
    ['(-8)**(1/3)', 'whole power'],
    ['10**23.0', 'math libraries'],
    ['1.1**9999', 'too large for an exact power'],
    ['1j**2', 'not defined here'],
    ['1j//1', 'not defined here'],
    ['~1.5', 'not defined'],
    ["'a'*3", 'not for a str'],
    ['[1]+[2]', 'not for a list'],
    ['-None', 'not for a none'],
  ])('%s is refused: %s', (text, reason) => expect(() => read(text)).toThrow(reason));
});
