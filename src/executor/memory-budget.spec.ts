import { MemoryBudget } from './memory-budget';

/** Work that says when it began, and ends when it is told. */
function work(begun: string[], name: string) {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => (begun.push(name), ended), end };
}

const turn = (): Promise<void> => new Promise(setImmediate);

describe('work that holds memory', () => {
  it('begins in order, as soon as there is room', async () => {
    const budget = new MemoryBudget(10);
    const begun: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => work(begun, name));
    const { signal } = new AbortController();
    const all = [budget.run(6, signal, a!.run), budget.run(5, signal, b!.run), budget.run(1, signal, c!.run)];
    await turn();
    expect(begun).toEqual(['a']); // c would fit, and is not before b
    a!.end();
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    b!.end();
    c!.end();
    await Promise.all(all);
  });

  it('may ask for more than there is, and then has all of it', async () => {
    const budget = new MemoryBudget(10);
    expect(await budget.run(1_000, new AbortController().signal, () => Promise.resolve('done'))).toBe('done');
  });

  it('gives its place up when it is aborted, and its room when it fails', async () => {
    const budget = new MemoryBudget(10);
    const begun: string[] = [];
    const [first, last] = [work(begun, 'first'), work(begun, 'last')];
    const waiting = new AbortController();
    const { signal } = new AbortController();
    const running = budget.run(10, signal, () => first.run().then(() => Promise.reject(new Error('failed'))));
    const aborted = budget.run(10, waiting.signal, () => Promise.reject(new Error('it was not aborted')));
    const after = budget.run(10, signal, last.run);
    waiting.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    first.end();
    await expect(running).rejects.toThrow('failed');
    await turn();
    expect(begun).toEqual(['first', 'last']);
    last.end();
    await after;
  });
});
