import { groupBy } from '../../src/domain/group-by';
import { Random } from '../../src/domain/random/random';
import type { ProgramAnalysis } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';
import { changed, differentNames, fewNames, named, openProgram, sharedNames } from '../support/open-programs';

describe('programs without their names', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  const analyze = (...programs: string[]): Promise<ProgramAnalysis[]> => executor.client.analyze(programs);
  const nameless = async (...programs: string[]): Promise<string[]> => {
    const analyses = await analyze(...programs);
    expect(analyses.map(({ syntaxError }) => syntaxError)).toEqual(programs.map(() => ''));
    return analyses.map(({ withoutNames }) => withoutNames);
  };

  it.each([
    ['parameters', 'def f(x, *xs, k=1, **kw): return x, xs, k, kw', 'def f(y, *ys, m=1, **n): return y, ys, m, n'],
    ['variables', 'def f(x):\n  y = x\n  y += 1\n  del y', 'def f(a):\n  b = a\n  b += 1\n  del b'],
    ['globals', 'K = 1\ndef f(x):\n  global K\n  K += x', 'N = 1\ndef f(x):\n  global N\n  N += x'],
    [
      'what is nonlocal',
      'def f(x):\n  def g():\n    nonlocal x\n    x = 1',
      'def f(y):\n  def g():\n    nonlocal y\n    y = 1',
    ],
    [
      'functions',
      'def g(n): return n and g(n - 1)\ndef f(x): return g(x)',
      'def h(n): return n and h(n - 1)\ndef f(x): return h(x)',
    ],
    [
      'comprehensions',
      'def f(x): return [a + b for a in x for b in a if b]',
      'def f(x): return [c + d for c in x for d in c if d]',
    ],
    ['one name in two scopes', 'def f(x): return [x for x in x]', 'def f(y): return [x for x in y]'],
    ['lambdas', 'f = lambda x, y=1: x + y', 'f = lambda a, b=1: a + b'],
    ['assignment expressions', 'def f(x): return [y := i for i in x], y', 'def f(a): return [b := c for c in a], b'],
    [
      'captures',
      'def f(x):\n  match x:\n    case [a, *b] | {"k": a, **b}: return a',
      'def f(x):\n  match x:\n    case [c, *d] | {"k": c, **d}: return c',
    ],
    [
      'exceptions',
      'def f(x):\n  try: g()\n  except E as e: raise e',
      'def f(x):\n  try: g()\n  except E as err: raise err',
    ],
    ['imports', 'import math\ndef f(x): return math.pi', 'import math as m\ndef f(x): return m.pi'],
    ['members', 'from math import pi\ndef f(x): return pi', 'from math import pi as p\ndef f(x): return p'],
    ['f-strings', 'def f(x): return f"{x!r:>{x}}"', 'def f(y): return f"{y!r:>{y}}"'],
    [
      'methods',
      'class C:\n  def m(self, x): return self.m(x)\ndef f(x): return C().m(x)',
      'class C:\n  def m(me, y): return me.m(y)\ndef f(x): return C().m(x)',
    ],
    ['comments, docstrings and spacing', 'def f(x): # one\n  "doc"\n  return (x+1)', 'def f(y):\n  return y + 1'],
  ])('are the same for other names of %s', async (_, one, other) => {
    const [first, second] = await nameless(one, other);
    expect(first).not.toBe('');
    expect(second).toBe(first);
  });

  it.each([
    [
      'arguments that are passed by name',
      'def g(a, b): return a - b\ndef f(x): return g(a=x, b=1)',
      'def g(b, a): return b - a\ndef f(x): return g(a=x, b=1)',
    ],
    [
      'attributes of a class',
      'class C:\n  a = 1\n  b = 2\ndef f(x): return C.a',
      'class C:\n  b = 1\n  a = 2\ndef f(x): return C.a',
    ],
    [
      'a name that a class reads before it binds it',
      'k = 1\nclass C:\n  y = k\n  k = 2\ndef f(x): return C.y',
      'j = 1\nclass C:\n  y = k\n  k = 2\ndef f(x): return C.y',
    ],
    [
      'the name of a class, which instances show',
      'class C: pass\ndef f(x): return str(C)',
      'class D: pass\ndef f(x): return str(D)',
    ],
    [
      'the name of a function that is shown',
      'def g(): pass\ndef f(x): return str(g)[:11]',
      'def h(): pass\ndef f(x): return str(h)[:11]',
    ],
    [
      'the name of a function around a class',
      'def g():\n  class C: pass\n  return C\ndef f(x): return str(g())',
      'def h():\n  class C: pass\n  return C\ndef f(x): return str(h())',
    ],
    [
      'a global that may leave a builtin bare',
      'if 0: len = 1\ndef f(x): return len(x)',
      'if 0: size = 1\ndef f(x): return size(x)',
    ],
    ['the entry among functions', 'def f(x): return 1\ndef g(x): return 2', 'def g(x): return 1\ndef f(x): return 2'],
    ['which variable is meant', 'def f(x, y): return x', 'def f(x, y): return y'],
    ['a name that is bound, or is not', 'k = 1\ndef f(x): return k', 'j = 1\ndef f(x): return k'],
    ['a name that is global, or local', 'k = 1\ndef f(x):\n  global k\n  k = x', 'k = 1\ndef f(x):\n  k = x'],
    ['the text of an f-string that says its names', 'def f(x): return f"{x=}"', 'def f(y): return f"{y=}"'],
    [
      'private names, which classes mangle',
      'class C:\n  def m(self, __x): return __x\ndef f(x): return C().m(x)',
      'class C:\n  def m(self, __y): return __y\ndef f(x): return C().m(x)',
    ],
  ])('differ in %s', async (_, one, other) => {
    const [first, second] = await nameless(one, other);
    expect(second).not.toBe(first);
  });

  it.each([
    'def f(x): return locals()',
    'def f(x): return eval("x")',
    'def f(x): return f.__code__.co_varnames',
    'def f(x): return "{0.a}".format(x)',
    'def f(x): return x.format(f)',
    'def f(x):\n  try: return y\n  except NameError as e: return str(e)',
    'class C:\n  def __exit__(self, *error): self.error = error\ndef f(x):\n  with C(): y',
    'def g(a): return a\ndef f(x): return g(**{"a": x})',
    'def f(x): return getattr(f, "_" + "_name_" + "_")',
    'def f(x):\n  match f:\n    case object(__code__=c): return c',
    'def f(x): return type("C", (), {"_" * 2 + "exit" + "_" * 2: f})',
    'import sys\ndef f(x): return sys.exc_info()',
    'import collections\ndef f(x): return collections._sys',
    'import math\ndef f(x): return g(math)',
    'from operator import attrgetter\ndef f(x): return attrgetter(x)(f)',
    'from typing import get_type_hints\ndef f(x: int): return get_type_hints(f)',
    'from math import *\ndef f(x): return x',
    'def f(x): return (i for i in x).gi_frame',
    'def f(x):\n  (y): int\n  return y',
  ])('are nothing for one that may see its names: %j', async (program) => {
    expect(await nameless(program)).toEqual(['']);
  });

  const open = Array.from({ length: 60 }, (_, n) => openProgram(new Random(n)));

  it('are the same for every consistent choice of names', async () => {
    const programs = open.flatMap((program, n) => [
      ...[named(program, differentNames(program, new Random(n, 'one')))],
      ...[named(program, differentNames(program, new Random(n, 'other'))), named(program, sharedNames(program))],
    ]);
    const texts = await nameless(...programs);
    for (let n = 0; n < open.length; n++) {
      const [first, ...others] = texts.slice(3 * n, 3 * n + 3);
      expect(first).toMatch(/\$0/);
      expect(others).toEqual([first, first]);
    }
  }, 60_000);

  it('differ once anything else is changed', async () => {
    const programs = open.flatMap((program, n) => {
      const names = differentNames(program, new Random(n));
      return [named(program, names), named(changed(program, new Random(n, 'change')), names)];
    });
    const texts = await nameless(...programs);
    for (let n = 0; n < open.length; n++) expect(texts[2 * n + 1]).not.toBe(texts[2 * n]);
  }, 60_000);

  it('are the same only for programs that do the same, however their names collide', async () => {
    const pools = [
      ['a', 'b', 'c', 'd', 'range'],
      ['c', 'e', 'a', 'b', 'range'],
      ['range', 'b', 'c', 'd', 'a'],
    ];
    const programs = open
      .slice(0, 15)
      .flatMap((program, n) =>
        Array.from({ length: 10 }, (_, i) => new Random(n, i).below(1_000)).flatMap((choice) =>
          pools.map((pool) => named(program, fewNames(program, pool, new Random(choice)))),
        ),
      );
    const analyses = await analyze(...programs);
    const legal = programs.flatMap((program, i) => {
      const { syntaxError, withoutNames } = analyses[i]!;
      return syntaxError === '' && withoutNames !== '' ? [{ program, withoutNames }] : [];
    });
    const groups = [...groupBy(legal, ({ withoutNames }) => withoutNames).values()].filter(({ length }) => length > 1);
    expect(groups.length).toBeGreaterThan(30);
    for (const group of groups) {
      const behaviours = await Promise.all(group.map(({ program }) => behaviourOf(program)));
      expect(new Set(behaviours).size).toBe(1);
    }
  }, 60_000);

  async function behaviourOf(program: string): Promise<string> {
    const responses = await executor.respond(program, ['2, 3', '0, 1']);
    return JSON.stringify(responses.map(({ runs: [run] }) => [run!.status, run!.output, run!.exceptionType]));
  }

  it.each([
    ['def f(x): return 7', true],
    ['def f(x, *xs, **kw):\n  y = [i for i in range(3)]\n  return y', true],
    ['def g(x): return x\ndef f(x):\n  return g(1)', true],
    ['def f(x): return x * 0', false],
    ['def f(x):\n  x = 3\n  return x', false],
    ['def f(*xs): return len(xs)', false],
    ['def f(x):\n  def g(): return x\n  return g()', false],
    ['def f(x): return locals()', false],
    ['def f(): return 1', false],
    ['@g\ndef f(x): return 1', false],
    ['def f(x): return 1\nf = g', false],
    ['def f(x): return 1\ndef f(x): return x', false],
    ['f = lambda x: 1', false],
  ])('say whether an input can matter: %j ignores it, %s', async (program, ignoresInput) => {
    expect((await analyze(program))[0]).toMatchObject({ syntaxError: '', ignoresInput });
  });
});
