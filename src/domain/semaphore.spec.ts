import { Semaphore } from './semaphore';

/** Work that says when it began, and ends when it is told. */
function work(begun: string[], name: string) {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => (begun.push(name), ended), end };
}

const turn = (): Promise<void> => new Promise(setImmediate);

describe('work that waits for permits', () => {
  it('begins in order, as soon as there is room', async () => {
    const semaphore = new Semaphore(10);
    const begun: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => work(begun, name));
    const { signal } = new AbortController();
    const all = [semaphore.run(a!.run, 6, signal), semaphore.run(b!.run, 5, signal), semaphore.run(c!.run)];
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
    const semaphore = new Semaphore(10);
    expect(await semaphore.run(() => Promise.resolve('done'), 1_000)).toBe('done');
  });

  it('gives its place up when it is aborted, and its room when it fails', async () => {
    const semaphore = new Semaphore(10);
    const begun: string[] = [];
    const [first, last] = [work(begun, 'first'), work(begun, 'last')];
    const waiting = new AbortController();
    const { signal } = new AbortController();
    const running = semaphore.run(() => first.run().then(() => Promise.reject(new Error('failed'))), 10, signal);
    const aborted = semaphore.run(() => Promise.reject(new Error('it was not aborted')), 10, waiting.signal);
    const after = semaphore.run(last.run, 10, signal);
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
