import { Gathering } from './gathering';

describe('what is gathered', () => {
  const calls: number[][] = [];
  const doubling = () =>
    new Gathering((items: number[]) => {
      calls.push(items);
      return Promise.resolve(items.map((item) => 2 * item));
    });
  beforeEach(() => calls.splice(0));

  it('goes in one call, and each gets its own result', async () => {
    const gathering = doubling();
    expect(await Promise.all([1, 2, 3].map((item) => gathering.add(item)))).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
    expect(await gathering.add(4)).toBe(8);
    expect(calls).toEqual([[1, 2, 3], [4]]);
  });

  it('is cut into calls of a bounded size', async () => {
    const gathering = doubling();
    const items = Array.from({ length: 120 }, (_, i) => i);
    expect(await Promise.all(items.map((item) => gathering.add(item)))).toEqual(items.map((item) => 2 * item));
    expect(calls.map(({ length }) => length)).toEqual([50, 50, 20]);
  });

  it('fails with its call, and where the call gives too few results', async () => {
    const failing = new Gathering<number, number>(() => Promise.reject(new Error('gone')));
    await expect(Promise.all([failing.add(1), failing.add(2)])).rejects.toThrow('gone');
    const short = new Gathering<number, number>(() => Promise.resolve([7]));
    const [first, second] = await Promise.allSettled([short.add(1), short.add(2)]);
    expect(first).toEqual({ status: 'fulfilled', value: 7 });
    expect(second).toMatchObject({ status: 'rejected', reason: { message: '1 results for 2 items' } });
  });
});
