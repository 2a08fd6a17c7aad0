import { parseArguments } from '../domain/value';
import { marshalArguments } from './marshal';

const marshalled = (text: string): string => marshalArguments(parseArguments(text)).toString('latin1');
/** A word of four bytes, the lowest first. */
const word = (value: number): string => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer.toString('latin1');
};
const list = (...items: string[]): string => `[${word(items.length)}${items.join('')}`;
const plain = (positional: string, keywords = ''): string => `\0(${word(2)}${positional}{${keywords}0`;
const int = (value: number): string => `i${word(value)}`;
const text = (utf8: string): string => `u${word(utf8.length)}${utf8}`;

describe('an argument list as marshal data', () => {
  it.each([
    ['', plain(list())],
    ['1, -2, True, None, ...', plain(list(int(1), int(-2), 'T', 'N', '.'))],
    ["'a', k=b'b'", plain(list(text('a')), `${text('k')}s${word(1)}b`)],
    ["'é\\ud800😀'", plain(list(text('\xc3\xa9\xed\xa0\x80\xf0\x9f\x98\x80')))],
    ["'\\ud83d\\ude00'", plain(list(text('\xed\xa0\xbd\xed\xb8\x80')))],
    ['2**31 - 1, -2**31 + 1', plain(list(int(2 ** 31 - 1), int(1 - 2 ** 31)))],
    ['2**31', plain(list(`l${word(3)}\0\0\0\0\x02\0`))],
    ['-2**31', plain(list(`l${word(-3)}\0\0\0\0\x02\0`))],
    ['1.5', plain(list('g\0\0\0\0\0\0\xf8\x3f'))],
    ['-0.0', plain(list('g\0\0\0\0\0\0\0\x80'))],
    ['1j', plain(list('y\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xf0\x3f'))],
    ['(1, [2]), {3: {4}}', plain(list(`(${word(2)}${int(1)}${list(int(2))}`, `{${int(3)}<${word(1)}${int(4)}0`))],
  ])('of %s', (source, expected) => {
    expect(marshalled(source)).toBe(expected);
  });

  it('has what is to be constructed behind a mark that is no value', () => {
    const call = (name: string, ...args: string[]): string => `(${word(2 + args.length)}S${text(name)}${args.join('')}`;
    expect(marshalled('range(3)')).toBe(`\x01${plain(list(call('range', int(0), int(3), int(1)))).slice(1)}`);
    expect(marshalled('[frozenset({1})]')).toBe(`\x01${plain(list(list(call('frozenset', int(1))))).slice(1)}`);
  });

  it('grows with what it holds', () => {
    expect(marshalArguments(parseArguments(`'${'a'.repeat(100_000)}', 1`)).length).toBe(
      100_000 + 1 + 5 + 5 + 5 + 5 + 2,
    );
  });
});
