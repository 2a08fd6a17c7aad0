import { RunMode, type ProgramAnalysis } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';

describe('what the syntax tree says a program', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  const read = async (program: string): Promise<ProgramAnalysis> =>
    (await executor.client.analyze([program], true))[0]!;

  it.each([
    'def f(x):\n    return [x, len(x)]',
    'import math\ndef f(x): return math.sqrt(x)',
    'from collections import Counter, defaultdict as d\ndef f(x): return Counter(x).most_common(1), d(list)',
    'import re\ndef f(x): return re.sub(r"\\d", lambda m: m.group(0) * 2, x)',
    'from typing import List as L, Optional\ndef f(x: L[Optional[int]]) -> "L[int]":\n    y: L[int] = x\n    return y',
    'class A:\n    def __init__(self):\n        self.x = 1\n    def __len__(self): return 1\ndef f(): return len(A())',
    'import heapq\nclass A(Exception):\n    kept = []\ndef f(x):\n    A.kept.append(x)\n    return heapq.heappop(x)',
    'def f(inputs, opened=0):\n    evaluated = [important for important in inputs]\n    return evaluated',
    'def f(x): return type(x).__name__, type(x) == int, type(x) is not type([])',
    'def g(x):\n    yield from x\ndef f(x): return list(g(x))',
    'if __name__ == "__main__": print(1)\ndef f(x): return f"{x!r:>9}"',
  ])('leaves nothing behind: %j', async (program) => {
    expect((await read(program)).leavesNothingBehind).toBe(true);
  });

  it.each([
    ['an attribute of a module', 'import math\ndef f(): math.n = 1'],
    ['a module as a value', 'import math\nm = math\ndef f(): pass'],
    ['a module as a class has it', 'class A:\n    import math\ndef f(): A.math.n = 1'],
    ['a module that is not listed', 'import random\ndef f(): return random.random()'],
    ['a member that is not listed', 'import re\ndef f(): re.purge()'],
    ['every member', 'from math import *\ndef f(): pass'],
    ['every hint', 'from typing import *\ndef f(): pass'],
    ['an attribute of a class of the library', 'from collections import Counter\ndef f(): Counter.n = 1'],
    [
      'a cache of the library that knows keys by the program',
      'import re\nclass S(str): pass\ndef f(): re.sub("a", S(), "")',
    ],
    ['a hint as a value', 'from typing import List\ndef f(x): return repr(List[x])'],
    ['a hint that a class sees', 'from typing import List\nclass K: pass\nk = K()\ndef f(x: List[k]): pass'],
    ['a hint that is computed', 'from typing import List\ndef f(x: (h := List[1])): return h'],
    ['a hint that something else may be', 'from typing import List\ndef f(x):\n    List = x\n    return List'],
    ['a computed attribute', 'from operator import attrgetter\ndef f(x): return attrgetter(x)(f)'],
    ['attributes by name', 'def f(): setattr(f, "n", 1)'],
    ['a builtin by its own object', 'def f(): print.__self__.n = 1'],
    ['the builtins', 'def f(): __builtins__["n"] = 1'],
    ['a frame', 'def f(): (i for i in ()).gi_frame.f_builtins["n"] = 1'],
    [
      'a frame that the program has an attribute for',
      'class A: gi_frame = f_builtins = 1\ndef f(): return A().gi_frame',
    ],
    ['code of a text', 'def f(): eval("1")'],
    ['its own globals', 'def f(): globals()'],
    ['an attribute in a pattern', 'def f(x):\n    match x:\n        case object(__init__=g, __globals__=h): pass'],
    ['a class by its object', 'def f(x): type(x).n = 1'],
    ['a class that makes classes', 'def f(x): return type(int)("A", (), {"_" * 2 + "del" + "_" * 2: x})'],
    [
      'a class that makes classes, by a comparison',
      'class A:\n    def __eq__(s, o): return o\ndef f(x): return type(int) == A()',
    ],
    ['a class with a class of its own', 'class A(metaclass=print): pass\ndef f(): pass'],
    ['a finaliser', 'class A:\n    def __del__(self): pass\ndef f(): A()'],
    ['a generator with something left to do', 'def g():\n    try: yield\n    finally: pass\ndef f(): next(g())'],
    ['a group of exceptions', 'def f():\n    try: raise ValueError\n    except* ValueError as e: e.n = 1'],
    ['the last MemoryError', 'def f():\n    try: pass\n    except MemoryError as e: e.n = 1'],
    ['the object of an error', 'def f():\n    try: pass\n    except AttributeError as e: return e.obj'],
    ['a note', 'def f():\n    try: pass\n    except Exception as e: e.add_note("1")'],
    ['an identity', 'def f(x): return id(x)'],
    ['a coroutine', 'async def g(): pass\ndef f(): g()'],
    ['a registry', 'from fractions import Fraction\ndef f(): Fraction.register(int)'],
  ])('may leave something behind in %s', async (_, program) => {
    expect(await read(program)).toMatchObject({ syntaxError: '', leavesNothingBehind: false });
  });

  it.each([
    'def f(x): return len(set(x)), sorted({1, 2}), max({y for y in x})',
    'def f(x):\n    seen = set()\n    for y in x:\n        if y in seen: return y\n        seen.add(y)\n    return -1',
    'def f(x): return {"a", "b"}, [frozenset(x)]',
    'def visit(x, seen):\n    if x in seen: return\n    seen |= {x}\n    visit(x, seen)\ndef f(x): visit(x, set())',
    'def f(d, n):\n    for k, v in d.items(): n -= v\n    return n - 1, sorted(d.keys() - {1})',
    'def f(x): return isinstance(x, (set, frozenset))',
  ])('does with a set has nothing of its order: %j', async (program) => {
    expect((await read(program)).seesHashes).toBe(false);
  });

  it.each([
    'def f(x): return list(set(x))',
    'def f(x): return [y for y in {"a", x}]',
    'def f(x):\n    s = {"a"} | x\n    return s.pop()',
    'def f(x): return str({"a", "b"})',
    'def f(x): return sorted({"a", "B"}, key=str.lower)',
    'def f(x): return f(1) if x else {"a", "b"}',
    'def f(x): return next(iter(map(set, [x])[0]))',
    'def f(d, e): return list(d.keys() & e.keys())',
    'def g(a, b): return list(a - b)\ndef f(d): return g(d.keys(), [])',
    'def f(d):\n    k = d.items()\n    k -= {1}\n    return list(k)',
    'def first(s):\n    for x in s: return x\ndef f(x): return first({"a", "b"})',
    'class A: pass\ndef f(x):\n    A.s = {"a", "b"}\n    return list(A.s)',
    'def f(x): return hash(x)',
    'def f(x): return id(x)',
    'def f(x): return x.__hash__()',
  ])('does with a set may have its order: %j', async (program) => {
    expect((await read(program)).seesHashes).toBe(true);
  });

  it.each([
    ['', 'repr(object())'],
    ['', 'repr(f)'],
    ['', 'repr(x for x in [])'],
    ['', 'str([].append)'],
    ['', 'f"{(lambda: 1)}"'],
    ['', '"%s" % iter([x])'],
    ['class A: pass', 'repr(A())'],
    ['', 'repr(map(f, []))'],
    ['', 'repr("".join)'],
    ['', 'repr(len.__call__)'],
    ['', 'repr(dict.fromkeys)'],
    ['', 'repr((1).__add__)'],
    ['from copy import deepcopy', 'repr(deepcopy)'],
    ['import copy', 'repr(copy.copy)'],
    ['from functools import partial', 'repr(partial("".join))'],
  ])('makes text of an address differs between its runs: %s; %s', async (before, expression) => {
    const program = `${before}\ndef f(x): return (${expression})[-9:-1]`;
    expect((await read(program)).leavesNothingBehind).toBe(true);
    const runs = await executor.runs(program, '1', { runMode: RunMode.RUN_MODE_ACROSS });
    expect(runs.every(({ output }) => output !== '')).toBe(true);
    expect(new Set(runs.map(({ output }) => output)).size).toBeGreaterThan(1);
  });

  it('sees nothing of an interpreter runs in one', async () => {
    const program = 'def f(x): return x + 1';
    await read(program);
    const runs = await executor.runs(program, '1', { runMode: RunMode.RUN_MODE_ACROSS });
    expect(runs.map(({ output }) => output)).toEqual(['2', '2', '2']);
    expect(new Set(runs.map(({ interpreter }) => interpreter)).size).toBe(1);
  });
});
