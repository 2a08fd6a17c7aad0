import { PyFrozenset, PyValue, equalValues, parseValue, pyInt } from '.';

const compare = (a: string, b: string): string => {
  const [left, right] = [parseValue(a), parseValue(b)];
  const modes = (['strict', 'python'] as const).filter((mode) => equalValues(left, right, mode));
  return modes.join(' and ') || 'neither';
};

describe('equality', () => {
  it.each([
    ['{1, 2}', '{2, 1}'],
    ["{'x': 1, 'y': 2}", "{'y': 2, 'x': 1}"],
    ['{frozenset([1, 2]): {3}}', '{frozenset([2, 1]): {3}}'],
    ['0.0', '-0.0'],
    ['[-0.0, 0j]', '[0.0, -0j]'],
    ["'é'", "'\\u00e9'"],
    ['range(0)', 'range(2, 1)'],
    ['range(0, 3, 2)', 'range(0, 4, 2)'],
    ['range(5, 6, 7)', 'range(5, 7, 3)'],
    ['9007199254740993', '2**53 + 1'],
  ])('%s and %s are equal in both modes', (a, b) => expect(compare(a, b)).toBe('strict and python'));

  it.each([
    ['1', '1.0'],
    ['1', 'True'],
    ['0.0', 'False'],
    ['1', '1+0j'],
    ['[1]', '[True]'],
    ['{1: 2}', '{True: 2}'],
    ['{1}', '{1.0}'],
    ['(1, (2, 3))', '(1.0, (2, 3.0))'],
    ['{1, 2}', 'frozenset([1, 2])'],
    ['float(2**53)', '2**53'],
    ['1e300', str(BigInt(1e300))],
  ])('%s and %s are equal by == alone', (a, b) => expect(compare(a, b)).toBe('python'));

  it.each([
    ["float('nan')", "float('nan')"],
    ["[float('nan')]", "[float('nan')]"],
    ["{float('nan'): 1, float('nan'): 2}", "{float('nan'): 2, float('nan'): 1}"],
    ["complex('nan+1j')", "complex('nan+1j')"],
    ["(frozenset([float('nan')]),)", "(frozenset([float('nan')]),)"],
  ])('%s equals itself strictly and never by ==', (a, b) => expect(compare(a, b)).toBe('strict'));

  it.each([
    ['[1]', '(1,)'],
    ['[]', '{}'],
    ['set()', '{}'],
    ['()', 'set()'],
    ["'a'", "b'a'"],
    ["''", 'None'],
    ['None', '...'],
    ["'set1'", '{1}'],
    ["'\\ud83d\\ude00'", "'😀'"],
    ["'\\ud83d\\ude00😀'", "'😀\\ud83d\\ude00'"],
    ['2**53 + 1', 'float(2**53)'],
    ['10**400', "float('inf')"],
    ['[1, 2]', '[1, 2, 3]'],
    ["['ab', 'c']", "['a', 'bc']"],
    ['[[1], 2]', '[[1, 2]]'],
    ['{1: 2, 3: 4}', '{1: 4, 3: 2}'],
    ["{float('nan'): 1, float('nan'): 1}", "{float('nan'): 1, float('nan'): 2}"],
    ['range(3)', '[0, 1, 2]'],
    ['range(3)', 'range(4)'],
    ['1j', '-1j'],
  ])('%s and %s differ in both modes', (a, b) => expect(compare(a, b)).toBe('neither'));

  it('visits a frozenset about once, however often it is shared', () => {
    let reads = 0;
    const counted = (members: readonly PyValue[]): PyFrozenset => ({
      kind: 'frozenset',
      get members() {
        reads += 1;
        return members;
      },
    });
    let value = counted([pyInt(0)]);
    for (let level = 1; level <= 40; level += 1) {
      const inner = value;
      value = counted([
        { kind: 'tuple', items: [inner, pyInt(1)] },
        { kind: 'tuple', items: [inner, pyInt(2)] },
      ]);
    }
    expect(equalValues(value, value, 'strict')).toBe(true);
    expect(reads).toBeLessThan(50);
  });
});

function str(value: bigint): string {
  return value.toString();
}
