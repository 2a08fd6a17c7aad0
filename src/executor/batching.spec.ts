import { batches } from './batching';

describe('batches', () => {
  it('are bounded in items', () => {
    expect([...batches(['a', 'b', 'c'], Buffer.byteLength, 2)]).toEqual([['a', 'b'], ['c']]);
    expect([...batches([], Buffer.byteLength)]).toEqual([]);
    expect([...batches(Array<string>(120).fill(''), Buffer.byteLength)].map(({ length }) => length)).toEqual([
      50, 50, 20,
    ]);
  });

  it('are bounded in bytes, but hold one item whatever its size', () => {
    const half = 'é'.repeat(300_000);
    expect([...batches([half, half, 'x', half + half, 'y'], Buffer.byteLength)].map(({ length }) => length)).toEqual([
      1, 2, 1, 1,
    ]);
  });
});
