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

  it('writes the program again without comments and docstrings, and without its globals', async () => {
    const program = `
"""module"""
import math
LIMIT: int = 3
low, high = 1, 2  # bounds
low += 1
class C:
    """class"""
def f(x):  # entry
    'function'
    """and more"""
    state = '# text'
    return x
C.field = 1
`;
    const { withoutComments, withoutGlobals } = await analyze(program);
    const kept = "class C:\n    pass\n\ndef f(x):\n    state = '# text'\n    return x\nC.field = 1";
    expect(withoutComments).toBe(`import math\nLIMIT: int = 3\nlow, high = (1, 2)\nlow += 1\n\n${kept}`);
    expect(withoutGlobals).toBe(`import math\n\n${kept}`);
  });

  it.each([
    ['k = 1\nf = lambda x: x', 'f = lambda x: x'],
    ['k = 1\ndef g(x): return x', 'def f(x):\n    return x'],
    ['k = 1', ''],
    ['def f(', ''],
  ])('keeps or makes the entry of %j when it takes out globals', async (program, expected) => {
    expect((await analyze(program)).withoutGlobals).toBe(expected);
  });

  it.each([
    ['def f(x): return x', 0],
    ['def f(x):\n  if x: return 1\n  elif x > 1: return 2\n  else: return 3', 1 + 1 + 1],
    ['def f(x):\n  if x: return 1\n  else:\n    if x > 1: return 2', 1 + 1 + 2],
    ['def f(x):\n  for i in x:\n    while i:\n      if i: pass', 1 + 2 + 3],
    ['def f(x):\n  try:\n    if x: pass\n  except E:\n    if x: pass\n  finally: pass', 1 + 1 + 2],
    ['def f(x): return x and x and x', 1],
    ['def f(x): return x and x or x and x', 3],
    ['def f(x): return x and (x and x)', 1],
    ['def f(x): return 1 if x else (2 if x else 3)', 1 + 2],
    ['def f(x):\n  match x:\n    case 1:\n      if x: pass\n    case _: pass', 1 + 2],
    ['def f(x):\n  for i in x:\n    y = [j for k in i for j in k if j]', 1 + 2 + 2 + 1],
    ['def f(x): return f(x - 1) + f(x - 2)', 1],
    ['def f(x):\n  y = 1\n  def g(z):\n    if z: return 1\n  return g(y)', 2],
    ['def f(x):\n  def g(z):\n    if z: return 1\n  return g', 1],
    ['def f(x): return lambda y: 1 if y else 2', 2],
    ['if 1:\n  class A:\n    def m(self):\n      if self: pass\ndef f(x): pass', 1 + 1],
  ])('counts the breaks in the flow of %j', async (program, cognitive) => {
    expect((await analyze(program)).metrics).toMatchObject({ cognitive });
  });

  it.each([
    ['f = lambda x: x', 1],
    ['def f(x): return x', 1],
    ['def f(x):\n  if x: pass\n  elif x > 1: pass\n  else: pass', 1 + 2],
    ['def f(x):\n  for i in x: pass\n  else: pass\n  while x: pass', 1 + 2 + 1],
    ['def f(x):\n  try: pass\n  except A: pass\n  except B: pass\n  else: pass\n  finally: pass', 1 + 3],
    ['def f(x):\n  assert x\n  return 1 if x and x or x else 2', 1 + 1 + 1 + 2],
    ['def f(x): return [i for j in x for i in j if i if j]', 1 + 4],
    ['def f(x):\n  match x:\n    case 1: pass\n    case [2]: pass\n    case _: pass', 1 + 2],
    ['def f(x):\n  def g(y):\n    if y and y: pass\n  if x: pass', 1 + 2],
    ['class A:\n  def m(self):\n    if self: pass\ndef f(x): pass', 1 + 1],
  ])('counts the decisions of the most complex function of %j', async (program, cyclomatic) => {
    expect((await analyze(program)).metrics).toMatchObject({ cyclomatic });
  });

  it.each([
    // Operators: +. Operands: x, 1.
    ['def f(x): return x + 1', { n1: 1, n2: 2, N1: 1, N2: 2 }],
    // Operators: +, *, <, <. Operands: x, 1; (x + 1), 2; (…), 3, x.
    ['def f(x): return (x + 1) * 2 < 3 < x', { n1: 3, n2: 6, N1: 4, N2: 7 }],
    // Operators: += (as +), and, not, -. Operands: x, 1; x, (not x), (-1); x; 1.
    ['def f(x):\n  x += 1\n  return x and not x and -1', { n1: 4, n2: 4, N1: 4, N2: 7 }],
    // A name is another operand in another function.
    ['def g(x): return x + 1\ndef f(x): return x + 1', { n1: 1, n2: 4, N1: 2, N2: 4 }],
  ])('counts the operators and operands of %j', async (program, { n1, n2, N1, N2 }) => {
    const volume = (N1 + N2) * Math.log2(n1 + n2);
    const { metrics } = await analyze(program);
    expect(metrics!.volume).toBeCloseTo(volume, 9);
    expect(metrics!.effort).toBeCloseTo((volume * n1 * N2) / (2 * n2), 9);
  });

  it('has no measures where there is nothing to measure', async () => {
    const [plain, broken] = await executor.client.analyze(['def f(x): return x', 'def f(']);
    expect(plain!.metrics).toEqual({ cognitive: 0, cyclomatic: 1, volume: 0, effort: 0 });
    expect(broken!.metrics).toEqual({ cognitive: 0, cyclomatic: 0, volume: 0, effort: 0 });
  });

  it('measures programs that are deep and long', async () => {
    const branches = `def f(x):\n  if x: pass\n${'  elif x: pass\n'.repeat(900)}`;
    const flat = `def f(x):\n${'  x = x + 1 if x and x else 2\n'.repeat(1_000)}`;
    const [deep, long] = await executor.client.analyze([branches, flat]);
    expect(deep!.metrics).toMatchObject({ cognitive: 901, cyclomatic: 902 });
    expect(long!.metrics).toMatchObject({ cognitive: 2_000, cyclomatic: 2_001 });
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
