import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateTasks } from '../../src/cli/validate-tasks';
import { countOf } from '../../src/domain/count';
import { REASONS } from '../../src/domain/task/verdict';
import { isArgumentSource } from '../../src/evaluation/argument-source';
import type { RowVerdict } from '../../src/task-validation/row-verdict';
import { TestExecutor } from '../support/executor/executor';

const double = 'def f(x):\n    return x * 2';
const factorial = 'def f(n):\n    return 1 if n < 2 else n * f(n - 1)';
const squares = { snippet: 'def f(x):\n    return x * x', inputs: ['2', '-3'], outputs: ['4', '9'], message: 'twice' };
const own = (type: string, program: string, input: string, output: string) => ({ type, program, input, output });
const seed = (snippet: string, input: string, output: string, imports: string[] = []) => ({
  ...{ snippet, input, output, imports },
});
const crux = (code: string, input: string, output: string) => ({ code, input, output, id: 'sample' });

/** Rows, and what becomes of them: the types of an accepted one, or the reason. */
const ROWS: [row: unknown, expected: string][] = [
  [own('deduction', double, "'ab'", "'abab'"), 'deduction'],
  [own('abduction', double, '3', '6'), 'abduction'],
  [own('error', 'def f(x):\n    return 1 / x', '0', 'ZeroDivisionError'), 'error'],
  [
    {
      type: 'induction',
      program: double,
      pairs: [
        ['1', '2'],
        ["'a'", "'aa'"],
      ],
      message: 'd',
    },
    'induction',
  ],
  [seed('def f(x):\n    return math.floor(x)', '2.5', '2', ['import math']), 'deduction abduction'],
  [seed('def f(x):\n    return {x: -x}', "float('inf')", '{inf: -inf}'), 'deduction abduction'],
  [squares, 'induction'],
  [crux(double, '[1]', '[1, 1]'), 'deduction abduction'],
  [crux('def f():\n    return {2, 1}', '', '{1, 2}'), 'deduction abduction'],
  // Inputs that are source: its value is another way to say them, where they have one.
  [crux(double, "'-'.join(['a', 'b'])  # a join", "'a-ba-b'"), 'deduction abduction'],
  [crux(factorial, 'int("5")', '120'), 'deduction abduction'],
  [
    crux('pair = [1, 2]\ndef f(a, *, b):\n    a.append(b)\n    return a', 'pair[:], b=len(pair)', '[1, 2, 2]'),
    'deduction abduction',
  ],
  [crux('def f(xs, g):\n    return [g(x) for x in xs]', '[1, 2], lambda x: x > 1', '[False, True]'), 'deduction'],
  // A benchmark is no proposal: what it imports is not banned.
  [crux('import time\ndef f(x):\n    return x', '1', '1'), 'exception'],
  [crux('import random\ndef f(x):\n    return random.Random(x).randint(1, 6) > 0', '1', 'True'), 'deduction abduction'],

  [own('deduction', double, '1', '3'), 'unverifiable'],
  [own('error', double, '1', 'ValueError'), 'unverifiable'],
  [seed(double, '[1]', '[1, 1'), 'unverifiable'],
  [seed(double, '1', ''), 'unverifiable'],
  [{ ...squares, outputs: ['4', '6'] }, 'unverifiable'],
  [crux(double, '1', '3'), 'unverifiable'],
  [seed(double, "''.join(['a'])", "'aa'"), 'bad_input'],
  [crux(double, '1) + f(2', '6'), 'bad_input'],
  [seed('def f(x):\n    return id(x)', '[]', '1'), 'nondeterministic'],
  [crux('n = []\ndef f(x):\n    n.append(x)\n    return len(n)', '1', '1'), 'nondeterministic'],
  [seed('def f(x):\n    return (x for x in [x])', '1', '1'), 'invalid_output'],
  [seed('def f(x):\n    return math.pi', '1', '3'), 'exception'],
  [seed('import os\ndef f(x):\n    return x', '1', '1'), 'banned'],
  [seed('def f(x:\n    return x', '1', '1'), 'syntax_error'],
  [crux('def f(x:\n    return x', '1', '1'), 'syntax_error'],
  [crux('def g(x):\n    return x', '1', '1'), 'no_entry_function'],
  [crux('', '1', '1'), 'no_entry_function'],
  [{ ...squares, inputs: ['2'], outputs: ['4'] }, 'too_few_inputs'],
  [{ ...squares, inputs: ['2', '2'], outputs: ['4', '4'] }, 'duplicate'],
  [crux(double, '1', '2 '.repeat(100) + `# ${'x'.repeat(70_000)}`), 'unverifiable'],
  [crux(`${double}  # ${'x'.repeat(10 << 20)}`, '1', '2'), 'too_long'],
  [crux(double, `"${'x'.repeat(70_000)}"`, '2'), 'too_long'],
  ['{"snippet": 1}', 'malformed'],
  ['["not", "an", "object"]', 'malformed'],
  [{ ...squares, outputs: ['4', 9] }, 'malformed'],
  [{ task: 'riddle' }, 'malformed'],
  ['{"snippet": "def f(x', 'malformed'],
];

describe('azr tasks validate', () => {
  let folder: string;
  const written: string[] = [];
  const pathTo = (name: string) => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'azr-validate-'));
    const lines = ROWS.map(([row]) => (typeof row === 'string' ? row : JSON.stringify(row)));
    writeFileSync(pathTo('rows.jsonl'), lines.join('\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(() => {
    written.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  it('judges rows of every shape, counts them, and writes a verdict for each', async () => {
    await validateTasks(pathTo('rows.jsonl'), { out: pathTo('verdicts.jsonl'), json: true });
    const verdicts = readFileSync(pathTo('verdicts.jsonl'), 'utf8').trimEnd().split('\n');
    const found = verdicts.map((line) => JSON.parse(line) as RowVerdict);
    expect(found.map(({ line }) => line)).toEqual(ROWS.map((_, i) => i + 1));
    expect(found.map(whatBecame)).toEqual(ROWS.map(([, expected]) => expected));
    const reasons = ROWS.map(([, expected]) => expected).filter(isReason);
    expect(JSON.parse(written.join(''))).toEqual({
      ...{ rows: ROWS.length, accepted: ROWS.length - reasons.length, rejected: countOf(reasons) },
      ...{ inconsistent: 0, rowsOut: ROWS.length },
    });
  }, 120_000);

  it('tells a person of each row that is rejected', async () => {
    const file = pathTo('few.jsonl');
    writeFileSync(
      file,
      `${JSON.stringify(own('deduction', double, '1', "'\u001b[31m'"))}\n${JSON.stringify(squares)}\n{`,
    );
    await validateTasks(file, { json: false });
    expect(written.join('').split('\n')).toEqual([
      `${file}:1: unverifiable, the output is '\\u001b[31m', and the program gives 2`,
      `${file}:3: malformed, not JSON; the file ends within this line, as if it were cut off`,
      '3 rows: 1 accepted, 2 rejected (1 unverifiable, 1 malformed); 0 inconsistent',
      '',
    ]);
  }, 60_000);

  it('refuses files that cannot be, and leaves nothing of its own', async () => {
    const rows = pathTo('rows.jsonl');
    const before = readdirSync(folder);
    const refused = (file: string, out?: string) => expect(validateTasks(file, { out, json: true })).rejects;
    await refused(rows, rows).toThrow(`--out ${rows} is the file that is read`);
    await refused(rows, '/nowhere/verdicts.jsonl').toThrow('/nowhere/verdicts.jsonl cannot be written');
    await refused(pathTo('none.jsonl'), pathTo('out.jsonl')).toThrow(/none\.jsonl cannot be read: .*ENOENT/);
    expect(written).toEqual([]);
    expect(readdirSync(folder)).toEqual(before);
  }, 60_000);
});

const whatBecame = (verdict: RowVerdict): string =>
  verdict.outcome === 'accepted' ? verdict.types.join(' ') : verdict.reason;

const isReason = (expected: string): boolean => REASONS.some((reason) => reason === expected);

describe('the source of an argument list', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  it.each([
    '',
    '1, 2,',
    "'(' # )",
    '*xs, key=lambda x: (x)',
    '[x for x in y][:]',
    '\n1,\r\n2',
    "'''\n'''",
    '1 # \\',
    '(x for x in y)',
  ])('is %j', async (text) => expect(await isArgumentSource(executor.adapter, text)).toBe(true));

  it.each([
    ...[
      '1) + g(2',
      '1)(2',
      '1), g(2',
      '1); g(2',
      '1)\ng(2',
      '1).x(2',
      '1) if (2',
      '1): pass\nclass _(2',
      '1): int = (2',
    ],
    ...[')(', '1)', '(1', "'", '1 +', '=1', 'a=1, a=2', 'a=1, 2', 'x for x in y', '(yield)', '\0', "'\ud800'"],
  ])('is not %j', async (text) => expect(await isArgumentSource(executor.adapter, text)).toBe(false));

  it('is never executed to be known', async () => {
    const started = performance.now();
    expect(await isArgumentSource(executor.adapter, '[None for _ in iter(int, 1)], 9 ** 9 ** 9')).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
