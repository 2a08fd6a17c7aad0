import { batches, canShareProcess } from './batching';

describe('a program', () => {
  it.each([
    'def f(x):\n    return [x, len(x)]',
    'class A:\n    def __init__(self):\n        self.x = 1\n    def __len__(self): return 1\ndef f(): return len(A())',
    'def f(inputs, opened=0):\n    evaluated = [important for important in inputs]\n    return evaluated',
  ])('that stays in its module shares a process: %j', (program) => {
    expect(canShareProcess(program)).toBe(true);
  });

  it.each([
    'import math\ndef f(): math.n = 1',
    'def f(): print.__self__.n = 1',
    'def f(): __builtins__["n"] = 1',
    'def f(): setattr(f, "n", 1)',
    'def f(): (i for i in ()).gi_frame.f_builtins["n"] = 1',
    'def f(): eval("1")',
    'def f(): globals()',
    'def f(x):\n    match x:\n        case object(__init__=g, __globals__=h): pass',
    'def f(): return x.＿＿globals＿＿',
  ])('that could reach out of it does not: %j', (program) => {
    expect(canShareProcess(program)).toBe(false);
  });
});

describe('batches', () => {
  it('are bounded in items', () => {
    expect([...batches(['a', 'b', 'c'], 2)]).toEqual([['a', 'b'], ['c']]);
    expect([...batches([])]).toEqual([]);
    expect([...batches(Array<string>(120).fill(''))].map(({ length }) => length)).toEqual([50, 50, 20]);
  });

  it('are bounded in bytes, but hold one item whatever its size', () => {
    const half = 'é'.repeat(300_000);
    expect([...batches([half, half, 'x', half + half, 'y'])].map(({ length }) => length)).toEqual([1, 2, 1, 1]);
  });
});
