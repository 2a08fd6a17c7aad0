import type { ProgramAnalysis } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';

describe('the analysis of programs', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  const analyze = async (program: string): Promise<ProgramAnalysis> => (await executor.client.analyze([program]))[0]!;

  it('names functions, imports, names and statements', async () => {
    const program = `
import os.path as p, math
from collections import deque as d
def helper(q):
    for x in q: p.join(x, d()).strip()
if math.pi:
    async def late(): pass
class C:
    def method(self): pass
def f(x: int = len([])):
    global y
    y = [].__class__
`;
    expect(await analyze(program)).toMatchObject({
      syntaxError: '',
      functions: ['helper', 'late', 'f'],
      imports: ['os.path', 'math', 'collections'],
      names: [
        ...['.__class__', '.strip', 'collections.deque', 'd', 'int', 'len', 'math', 'math.pi'],
        ...['os.path', 'os.path.join', 'p', 'p.join', 'q', 'x'],
      ],
      statements: [
        ...['Assign', 'AsyncFunctionDef', 'ClassDef', 'Expr', 'For', 'FunctionDef', 'Global', 'If', 'Import'],
        ...['ImportFrom', 'Pass'],
      ],
      entryProgram: program,
    });
  });

  it('reads names as CPython does, whatever their letters', async () => {
    expect((await analyze('def f():\n    return ｏｐｅｎ')).names).toEqual(['open']);
  });

  it('is the same for programs that differ in comments and spacing alone', async () => {
    const commented = '# hello\ndef f( x ):\n\n  return (x + 1)  # plus\n';
    const texts = ['def f(x):\n    return x+1', commented, 'def f(x): return x+0x1'];
    const [first, ...others] = (await executor.client.analyze(texts)).map(({ canonical }) => canonical);
    expect(others).toEqual([first, first]);
    expect((await analyze('def f(x):\n    return 1+x')).canonical).not.toBe(first);
    expect((await analyze('def f(x):\n    "doc"\n    return x+1')).canonical).not.toBe(first);
  });

  it.each([
    ['def f(:', 'invalid syntax (line 1)'],
    ['return 1', "'return' outside function (line 1)"],
    ['def f(x, x): pass', "duplicate argument 'x' in function definition (line 1)"],
    ['\0', 'source code string cannot contain null bytes'],
    [`x = ${'('.repeat(300)}${')'.repeat(300)}`, 'too many nested parentheses (line 1)'],
  ])('says why CPython refuses %j', async (program, message) => {
    expect(await analyze(program)).toMatchObject({ syntaxError: message, entryProgram: '', names: [] });
  });

  it.each([
    ['def f(x): return x', 'def f(x): return x'],
    ['f = lambda x: x', 'f = lambda x: x'],
    ['from math import floor as f', 'from math import floor as f'],
    ['def  g(n): # keep\n    return n and g(n-1)', 'def  f(n): # keep\n    return n and f(n-1)'],
    ['@cache\ndef g(é, g2): return "é", é.g(g=g2), g(g2)', '@cache\ndef f(é, g2): return "é", é.g(g=g2), f(g2)'],
    ['def g(x): return f"{g}"', 'def f(x): return f"{f}"'],
    ['def g(f): return g(f)', ''],
    ['def g(g): return g', ''],
    ['def g(x): return [1 for g in x]', ''],
    ['def g(x):\n    match x:\n        case [g]: pass', ''],
    ['def g(x): return 1\ndef h(x): return 2', ''],
    ['class A:\n    def g(self): pass', ''],
    ['x = 1', ''],
  ])('finds or renames the entry of %j', async (program, expected) => {
    expect((await analyze(program)).entryProgram).toBe(expected);
  });

  it('of a program that CPython cannot bear leaves the others their own', async () => {
    const bomb = `def f(x): return ${'-'.repeat(500_000)}x`;
    const [first, broken, last] = await executor.client.analyze(['def f(): pass', bomb, 'def f(): return 1']);
    expect([first!.entryProgram, last!.entryProgram]).toEqual(['def f(): pass', 'def f(): return 1']);
    expect(broken!.syntaxError).not.toBe('');
  });

  it('does not run the program', async () => {
    expect((await analyze('while True: pass\ndef f(): pass')).functions).toEqual(['f']);
  });
});
