import { countOf, sumOf } from './count';

describe('counts', () => {
  it('are of each key, in the order of their first', () => {
    expect(Object.entries(countOf(['b', 'a', 'b']))).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    expect(sumOf([{ a: 1 }, { b: 2, a: 3 }])).toEqual({ a: 4, b: 2 });
    expect(countOf([])).toEqual({});
  });

  it('are numbers for keys that every object has', () => {
    expect(countOf(['constructor', 'toString', 'constructor'])['constructor']).toBe(2);
  });
});
