import { batches } from './batching';

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
