import { bare } from '../../src/domain/prompt/bare';
import type { Verdict } from '../../src/domain/task/verdict';
import { CodingScorer } from '../../src/evaluation/coding/coding-scorer';
import type { CodingTask } from '../../src/evaluation/coding/coding-task';
import { codingTask } from '../../src/evaluation/coding/coding-tasks';
import { readAsserts } from '../../src/evaluation/coding/read-asserts';
import type { HumanEvalRow, MbppRow } from '../../src/task-files/coding-shapes';
import { Objection } from '../../src/verifier/objection';
import { TestExecutor } from '../support/executor/executor';

let executor: TestExecutor;

beforeAll(async () => {
  executor = await TestExecutor.start();
}, 60_000);
afterAll(() => executor.stop());

const check = (...body: string[]): string => ['def check(candidate):', ...body.map((line) => `    ${line}`)].join('\n');

describe('the tests of a programming problem', () => {
  /** Input and output of each pair, and `…` where there is more. */
  const read = async (tests: string, entry = 'double'): Promise<string[]> => {
    const asserts = await readAsserts(executor.adapter, { tests, tested: { entry } });
    if (asserts instanceof Objection) return [`${asserts.reason}: ${asserts.detail}`];
    return [...asserts.pairs.map(({ input, output }) => `${input} → ${output}`), ...(asserts.isWhole ? [] : ['…'])];
  };

  it.each([
    ['an assert at module level', 'assert double(2) == 4', ['2 → 4']],
    ['a message behind it, which is no part of a tuple', 'assert double(2) == 4,-6', ['2 → 4']],
    ['the value first', "assert 'éé' == double('é')", ["'é' → 'éé'"]],
    ['parentheses and line breaks', 'assert (double ([1,\n 2], key = 3)\n ==([1, 2]))', ['[1,\n 2], key = 3 → [1, 2]']],
    [
      'a check function, which calls it as it likes',
      check('assert candidate() == 1.0 / 3', 'assert double(1) == 2'),
      ['→ 1.0 / 3', '1 → 2'],
    ],
    [
      'what asserts nothing',
      `import math\nM = {}\n${check("'''doc'''", "assert True, 'here'", 'assert candidate(1) == 2')}\ncheck(double)`,
      ['1 → 2'],
    ],
    ['a tolerance', check('assert candidate(1) == 2', 'assert abs(candidate(1.5) - 3) < 1e-6'), ['1 → 2', '…']],
    ['values that are none', 'assert double(x) == 4\nassert double(2) == len("four")', ['…']],
    ['another relation', 'assert double(2) != 4\nassert 1 < double(2) == 4\nassert double(2)', ['…']],
    ['a call within another', 'assert set(double([1])) == {1}\nassert double(double(1)) == 4', ['…']],
    ['a method of that name', 'assert x.double(1) == 2', ['…']],
    ['a loop', check('for i in range(9):', '    assert candidate(i) == 2 * i'), ['…']],
  ])('are read: %s', async (_, tests, expected) => {
    expect((await read(tests)).map((line) => line.trim())).toEqual(expected);
  });

  it.each([
    ['that do not compile', 'assert double(2 == 4', /^exception: SyntaxError/],
    ['that assert nothing', check('assert True'), /^exception: ValueError: the tests assert nothing/],
  ])('are refused: %s', async (_, tests, message) => {
    expect((await read(tests))[0]).toMatch(message);
  });

  it('tell the function by the solution where the benchmark does not name it', async () => {
    const solution = 'def helper(x):\n    return x\ndef double(x):\n    return helper(x) * 2';
    const named = await readAsserts(executor.adapter, { tests: 'assert double(2) == 4', tested: { solution } });
    expect(named).toMatchObject({ entry: 'double' });
    const unnamed = await readAsserts(executor.adapter, { tests: 'assert triple(2) == 6', tested: { solution } });
    expect(unnamed).toMatchObject({ detail: expect.stringContaining('no test calls a function that the solution') });
  });

  it('are never executed to be read', async () => {
    expect(await read('while True: pass\nassert double(9 ** 9 ** 9) == 1')).toEqual(['…']);
  });
});

const HUMANEVAL: HumanEvalRow = {
  benchmark: 'humaneval',
  id: 'HumanEval/0',
  prompt: 'import math\n\ndef half(x):\n    return x / 2\n\ndef double(x):\n    """Twice x."""\n',
  entry: 'double',
  test: check('assert candidate(2) == 4', "assert candidate('ab') == 'abab'"),
};
const BESIDE = { ...HUMANEVAL, test: check('assert candidate(2) == 4', 'assert abs(candidate(1.5) - 3) < 1e-6') };
const MBPP: MbppRow = {
  benchmark: 'mbpp',
  id: '7',
  text: 'Write a function that counts letters.',
  code: 'def letters(s):\r\n  return dict()',
  tests: ["assert letters('aab') == {'a': 2, 'b': 1}", "assert letters('') == {}"],
  setup: '',
};

describe('a programming problem', () => {
  it('of HumanEval is a source to complete, whose helpers an answer may use', async () => {
    expect(await codingTask(executor.adapter, HUMANEVAL)).toEqual({
      ...{ id: 'HumanEval/0', type: 'coding', preamble: HUMANEVAL.prompt },
      view: { form: 'completion', entry: 'double', source: HUMANEVAL.prompt },
      pairs: [
        { input: '2', output: '4' },
        { input: "'ab'", output: "'abab'" },
      ],
    });
    expect(await codingTask(executor.adapter, BESIDE)).toMatchObject({
      pairs: [{ input: '2', output: '4' }],
      besideAnswer: `${BESIDE.test}\ncheck(double)`,
    });
    const open = { ...HUMANEVAL, prompt: 'def double(x):\n    # twice' };
    expect(await codingTask(executor.adapter, open)).toMatchObject({ preamble: '' });
  });

  it('of MBPP is what its text says, with the first test as an example', async () => {
    expect(await codingTask(executor.adapter, MBPP)).toMatchObject({
      ...{ id: 'mbpp/7', preamble: '' },
      view: { form: 'instruction', entry: 'letters', text: MBPP.text, example: MBPP.tests[0] },
    });
    const tree = { ...MBPP, setup: "text = 'aab'", tests: ['assert letters(text)["a"] == 2'] };
    expect(await codingTask(executor.adapter, tree)).toMatchObject({ besideAnswer: `text = 'aab'\n${tree.tests[0]}` });
  });

  it.each([
    ['test: ', { ...HUMANEVAL, test: 'def check(candidate' }],
    ['code: ', { ...MBPP, code: 'def' }],
    ['test_list: ', { ...MBPP, tests: ['assert'] }],
    ['its tests: ', { ...MBPP, tests: [] }],
    ['test: the text has more than', { ...HUMANEVAL, test: `# ${'x'.repeat(70_000)}` }],
  ])('of illegal texts is none, and it says which: %s', async (message, row) => {
    expect(await codingTask(executor.adapter, row)).toMatchObject({ detail: expect.stringContaining(message) });
  });
});

describe('an answer to a programming problem', () => {
  let scorer: CodingScorer;
  const tasks: Record<'outside' | 'beside' | 'letters', CodingTask> = {} as never;
  beforeAll(async () => {
    scorer = new CodingScorer(executor.adapter, bare, { timeoutMs: 1_000, memoryMib: 64, outputBytes: 400 });
    const made = await Promise.all([HUMANEVAL, BESIDE, MBPP].map((row) => codingTask(executor.adapter, row)));
    [tasks.outside, tasks.beside, tasks.letters] = made as [CodingTask, CodingTask, CodingTask];
  });
  const judge = async (task: CodingTask, text: string): Promise<string> => {
    const [verdict] = await scorer.score(task, [{ text, finished: true }]);
    return wordOf(verdict!);
  };

  it.each([
    ['a whole program', 'def double(x):\n    return x * 2'],
    [
      'one that prints, and uses what it was shown',
      'print("4")\ndef double(x):\n    print(x)\n    return half(x) * 4 if x == 2 else x + x',
    ],
    ['one of another order', 'double = lambda x: twice(x)\ndef twice(x):\n    return x + x'],
    ['what Python takes for equal', 'def double(x):\n    return 4.0 if x == 2 else x * 2'],
    [
      'an import of what proposals may not have',
      'from __future__ import annotations\nimport sys\ndef double(x):\n    return x * 2',
    ],
  ])('is right: %s', async (_, answer) => expect(await judge(tasks.outside, answer)).toBe('correct'));

  it.each([
    ['wrong in the second assert', 'def double(x):\n    return 4', 'wrong_value'],
    ['of another name', 'def twice(x):\n    return x * 2', 'wrong_value'],
    ['that does not compile', 'def double(x:', 'syntax_error'],
    ['that raises', 'def double(x):\n    raise SystemExit', 'exception'],
    ['that exits', 'import os\ndef double(x):\n    os._exit(0)', 'no_result'],
    ['that hangs', 'def double(x):\n    while True: pass', 'timeout'],
    [
      'that is never the same',
      'n = []\ndef double(x):\n    n.append(x)\n    return x * 2 if len(n) < 2 else 0',
      'nondeterministic',
    ],
    ['that says it is equal to anything', equalToAll('object'), 'invalid_output'],
    ['that is a number and says so', equalToAll('int'), 'invalid_output'],
    ['that is a list and says so', equalToAll('list'), 'wrong_value'],
    [
      'that replaces what calls it',
      'import sys\ndef double(x):\n    sys._getframe(1).f_globals["f"] = lambda *args: True\n    return 5',
      'wrong_value',
    ],
    [
      'that replaces builtins',
      'import builtins\nbuiltins.isinstance = lambda *args: True\ndef double(x):\n    return 5',
      'exception',
    ],
  ])('is wrong: %s', async (_, answer, reason) => expect(await judge(tasks.outside, answer)).toBe(reason));

  it('may be an instance of a builtin container', async () => {
    const answer = 'from collections import Counter\ndef letters(s):\n    return Counter(s)';
    expect(await judge(tasks.letters, answer)).toBe('correct');
  });

  it('is held against what it can forge only where the benchmark leaves no choice', async () => {
    expect(await judge(tasks.beside, 'def double(x):\n    return x * 2')).toBe('correct');
    expect(await judge(tasks.beside, 'def double(x):\n    return x * 2 if x == 2 else 0')).toBe('wrong_value');
    expect(await judge(tasks.beside, 'def double(x):\n    return 4')).toBe('wrong_value');
    expect(await judge(tasks.beside, equalToAll('object'))).toBe('invalid_output'); // we compare the other assert
    const only = await codingTask(executor.adapter, {
      ...BESIDE,
      test: check('assert abs(candidate(1.5) - 3) < 1e-6'),
    });
    expect(only).toMatchObject({ pairs: [], besideAnswer: expect.stringContaining('check(double)') });
    expect(await judge(only as CodingTask, equalToAll('object'))).toBe('correct'); // forged: so it is marked
  });
});

function equalToAll(base: string): string {
  return [
    `class Any(${base}):`,
    '    __hash__ = None',
    '    def __eq__(self, other): return True',
    '    def __sub__(self, other): return self',
    '    def __abs__(self): return 0',
    'def double(x): return Any()',
  ].join('\n');
}

const wordOf = (verdict: Verdict): string => (verdict.outcome === 'correct' ? 'correct' : verdict.reason);
