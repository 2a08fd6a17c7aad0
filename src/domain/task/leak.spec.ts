import { findLeak, LONGEST_MESSAGE } from './leak';

const SHORT = 'def f(x):\n    return x + 1';
const LONG = `import math

def helper(n):
    return n - 1

def f(values, step=[1, 2]):
    """Adds up."""
    total = 0  # so far
    for v in values:
        total += helper(v) * step[0]
    return [total, 'sum: ']

g = f`;
const LONG_PLAIN = LONG.replace('    """Adds up."""\n', '').replace('  # so far', '');

const ofProgram = (message: string, ...programs: string[]) =>
  findLeak(message, programs, [{ input: '7', output: '8' }]);
const ofPairs = (message: string, pairs: [string, string][]) =>
  findLeak(
    message,
    [SHORT],
    pairs.map(([input, output]) => ({ input, output })),
  );

describe('a message gives away the program', () => {
  it.each([
    ['as it is', SHORT, SHORT],
    ['on one line', 'Hint: def f(x): return x+1', SHORT],
    ['with an apostrophe before it', "Here's what it's like: def f(x): return x + 1", SHORT],
    ['under other names', 'def add_one(number):\n\treturn (number+1);', SHORT],
    ['commented out', '# def f(x):\n#     return x + 1', SHORT],
    ['in backticks', '`def f(x): return x + 1`', SHORT],
    ['with a comment more', 'def f(x):\n    # adds one\n    return x + 1', SHORT],
    ['whose comments are left out', LONG_PLAIN, LONG],
    ['whose comments are kept', LONG, LONG],
    ['of which f alone is told', LONG_PLAIN.slice(LONG_PLAIN.indexOf('def f'), LONG_PLAIN.indexOf('\n\ng')), LONG],
    [
      'whose body is told under other names and quotes',
      'total=0; then: s = 0\nfor it in xs: s += helper(it)*k[0]\nreturn [s, "sum: "]',
      LONG,
    ],
    ['that is a lambda', 'g = lambda a: a * 2', 'f = lambda x: x * 2'],
    ['with its line breaks written out', 'def f(x):\\n    return x + 1', SHORT],
    ['as an interpreter shows it', '>>> def f(x):\n...     return x + 1', SHORT],
    ['as a quote', '> def f(x):\n>     return x + 1', SHORT],
    ['with numbers for its lines', '1. def f(x):\n2.     return x + 1', SHORT],
    ['with a docstring more', 'def f(x):\n    """Adds."""\n    return x + 1', SHORT],
    ['in letters of another width', 'ｄｅｆ f(x): return x + 1', SHORT],
    ['with letters that are not seen', 'd\u200bef f(x): ret\u200burn x + 1', SHORT],
  ])('%s', (_, message, program) => {
    expect(ofProgram(message, program, program === LONG ? LONG_PLAIN : program)).toBe('the program');
  });

  it.each([
    ['describes it', 'Returns the number that follows x in a count.', SHORT],
    ['writes a short body as a formula', 'It computes return x + 1, say.', SHORT],
    ['has another program', 'def f(x): return x - 1', SHORT],
    ['has names that do not change together', 'def f(x): return y + 1', SHORT],
    ['calls another method', 'def f(s): return s.lower()', 'def f(s): return s.upper()'],
    ['has only its first line', 'The function is def f(x): and so on', SHORT],
    ['is empty', ' ', SHORT],
  ])('unless it %s', (_, message, program) => {
    expect(ofProgram(message, program)).toBeUndefined();
  });
});

it('an input that is shown gives away the program as a message does, and is no message otherwise', () => {
  const hidden = [{ input: '1', output: '2' }];
  const inputs = ["'def g(n):\\n    return n + 1'", '1', '2'];
  expect(findLeak('', [SHORT], hidden, inputs)).toBe('the program');
  expect(findLeak('', [SHORT], hidden, inputs.slice(1))).toBeUndefined();
});

describe('a message gives away the pairs', () => {
  const PAIRS: [string, string][] = [
    ['7', '48'],
    ["'ab'", '[1, 2]'],
  ];

  it.each([
    ['in order', "7 gives 48; 'ab' gives [1, 2]"],
    ['by columns, in other quotes and spacing', 'inputs: "ab", 7; outputs: [1,2], 48'],
    ['without quotes', '7 -> 48, ab -> [ 1, 2 ]'],
  ])('%s', (_, message) => {
    expect(ofPairs(message, PAIRS)).toBe('the pairs');
  });

  it.each([
    ['leaves a pair out', '7 gives 48'],
    ['leaves an output out', "7 gives 48, and then there is 'ab'"],
    ['has the digits within other numbers', "17 gives 480, 'ab' gives [1, 2]"],
  ])('unless it %s', (_, message) => {
    expect(ofPairs(message, PAIRS)).toBeUndefined();
  });

  it('tells punctuation by its quotes', () => {
    const pairs: [string, string][] = [
      ["'('", 'False'],
      ["''", 'True'],
    ];
    expect(ofPairs('True when the parentheses match, False when they do not.', pairs)).toBeUndefined();
    expect(ofPairs("'(' is False and '' is True", pairs)).toBe('the pairs');
  });
});

it('a hostile message of full length is read in time that is linear in it', () => {
  const program = `def f(a):\n${' a = a\n'.repeat(9_000)} return a`;
  const message = 'def f(a): a = a '.repeat(LONGEST_MESSAGE / 16);
  const pairs = Array.from({ length: 200 }, (_, i) => ({ input: 'a = '.repeat(200) + i, output: '1' }));
  const started = performance.now();
  expect(findLeak(message, [program], pairs)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
});
