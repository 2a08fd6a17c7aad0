import { Cause, FrameStatus, type End, type Frame } from './frames';
import { ServerLost } from './fork-server';
import { runItems, type ItemResult, type Sent } from './item-runs';

const frame = (text: string, status = FrameStatus.Ok): Frame => ({ status, text, wallUs: 1 });
const end = (cause: Cause): End => ({ cause, code: 0, wallUs: 2 });
const sent = (texts: string[], cause: Cause): Sent => ({
  frames: texts.map((text) => frame(text, text === 'memory' ? FrameStatus.MemoryLimit : FrameStatus.Ok)),
  end: end(cause),
  group: 1,
});

/** Answers each sending with the next of `answers`; records from which item on each was. */
function scripted(answers: (Sent | Error)[]): { send: (first: number) => Promise<Sent>; firsts: number[] } {
  const firsts: number[] = [];
  const send = (first: number): Promise<Sent> => {
    firsts.push(first);
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { send, firsts };
}

/** All of them, whatever process they come from. */
async function resultsOf(count: number, framesPerItem: number, send: (first: number) => Promise<Sent>) {
  const results: ItemResult[] = [];
  for await (const some of runItems(count, framesPerItem, send)) results.push(...some);
  return results;
}

const texts = (results: { frames: Frame[] }[]): string[] =>
  results.map(({ frames }) => frames.map(({ text }) => text).join());

describe('items', () => {
  it('come back from one process', async () => {
    const { send, firsts } = scripted([sent(['a', 'b', 'c', 'd'], Cause.Complete)]);
    const results = await resultsOf(2, 2, send);
    expect(texts(results)).toEqual(['a,b', 'c,d']);
    expect(results.map(({ group, end: ending }) => [group, ending])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
    expect(firsts).toEqual([0]);
  });

  it('after one that ran out of time go on in another process', async () => {
    const { send, firsts } = scripted([sent(['a', 'b', 'c'], Cause.WallClock), sent(['d', 'e'], Cause.Complete)]);
    const results = await resultsOf(3, 2, send);
    expect(texts(results)).toEqual(['a,b', 'c', 'd,e']);
    expect(results[1]!.end).toEqual(end(Cause.WallClock));
    expect(firsts).toEqual([0, 2]);
  });

  it('that may have suffered from those before are run again, first in their process', async () => {
    const answers = [sent(['a', 'b'], Cause.Signal), sent([], Cause.Signal), sent(['d'], Cause.Complete)];
    const { send, firsts } = scripted(answers);
    const results = await resultsOf(4, 1, send);
    expect(texts(results)).toEqual(['a', 'b', '', 'd']);
    expect(results[2]!.end).toEqual(end(Cause.Signal));
    expect(firsts).toEqual([0, 2, 3]);
  });

  it('that say that memory ran out are taken at their word once they are alone', async () => {
    const { send, firsts } = scripted([
      sent(['a', 'memory'], Cause.Exit),
      sent(['memory', 'forged'], Cause.Complete),
      sent(['c'], Cause.Complete),
    ]);
    const results = await resultsOf(3, 1, send);
    const ranOut = { ...end(Cause.OutOfMemory), wallUs: 1 };
    expect(results.map((result) => result.end)).toEqual([undefined, ranOut, undefined]);
    expect(firsts).toEqual([0, 1, 2]);
  });

  it('come a process at a time', async () => {
    const answers = [sent(['a', 'b'], Cause.WallClock), sent(['d', 'e'], Cause.Complete)];
    const ends: number[] = [];
    for await (const results of runItems(5, 1, scripted(answers).send)) ends.push(results.length);
    expect(ends).toEqual([3, 2]);
  });

  it('that need another kind of fork server are sent again, from where they were', async () => {
    const { send, firsts } = scripted([{ ...sent(['a'], Cause.Exit), again: true }, sent(['b', 'c'], Cause.Complete)]);
    expect(texts(await resultsOf(3, 1, send))).toEqual(['a', 'b', 'c']);
    expect(firsts).toEqual([0, 1]);
  });

  it('whose fork server is lost are sent again, five times at most', async () => {
    const lost = new ServerLost('killed');
    const often = Array<Error>(5).fill(lost);
    const answers = [lost, sent(['a'], Cause.WallClock), ...often, sent(['d'], Cause.Complete)];
    const { send, firsts } = scripted(answers);
    const results = await resultsOf(4, 1, send);
    expect(results.map((result) => result.end)).toEqual([undefined, end(Cause.WallClock), 'lost', undefined]);
    expect(firsts).toEqual([0, 0, 2, 2, 2, 2, 2, 3]);
  });

  it('fail with what is no fault of a fork server', async () => {
    await expect(resultsOf(1, 1, scripted([new Error('enough')]).send)).rejects.toThrow('enough');
  });
});
