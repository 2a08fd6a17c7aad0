import { shapeOf } from './statement-kinds';

describe('the shape of a program', () => {
  it.each([
    ['x=x+1', 'operator'],
    ['if x>5:', 'branch'],
    ['for i in range(3):', 'loop'],
    ['x=[v+1 for v in x]', 'comprehension'],
    ['x=x[::-1]', 'slice'],
    ['x=sorted(x)', 'call'],
    ['return x % 2', 'operator'],
    ['y = 3', 'other'],
  ])('counts %s as %s', (line, kind) => {
    expect([...shapeOf(`def f(x):\n ${line}\n return x`).kinds]).toEqual([[kind, 1]]);
  });

  it('counts statements without heads, comments, imports and a bare return', () => {
    const program = 'import math\n# adds\ndef f(x):\n\n x=x+1\n if x>2:\n  x=-x\n return x';
    expect(shapeOf(program).length).toBe(3);
    expect(shapeOf('class A: pass\ndef f(x: int) -> int: return x+1').length).toBe(1);
  });
});
