import { Cause, FrameStatus, type End, type Frame } from './frames';
import { ServerLost } from './fork-server';
import { runItems, type Sent } from './item-runs';

const frame = (text: string, status = FrameStatus.Ok): Frame => ({ status, text, wallUs: 1 });
const end = (cause: Cause): End => ({ cause, code: 0, wallUs: 2 });
const sent = (texts: string[], cause: Cause, preamble = '[]'): Sent => ({
  preamble: frame(preamble, FrameStatus.Preamble),
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

const texts = (results: { frames: Frame[] }[]): string[] =>
  results.map(({ frames }) => frames.map(({ text }) => text).join());

describe('items', () => {
  it('come back from one process', async () => {
    const { send, firsts } = scripted([sent(['a', 'b', 'c', 'd'], Cause.Complete, '[1]')]);
    const results = await runItems(2, 2, send);
    expect(texts(results)).toEqual(['a,b', 'c,d']);
    expect(results.map(({ refused, group, end: ending }) => [refused, group, ending])).toEqual([
      [false, 1, undefined],
      [true, 1, undefined],
    ]);
    expect(firsts).toEqual([0]);
  });

  it('after one that ran out of time go on in another process', async () => {
    const { send, firsts } = scripted([sent(['a', 'b', 'c'], Cause.WallClock), sent(['d', 'e'], Cause.Complete)]);
    const results = await runItems(3, 2, send);
    expect(texts(results)).toEqual(['a,b', 'c', 'd,e']);
    expect(results[1]!.end).toEqual(end(Cause.WallClock));
    expect(firsts).toEqual([0, 2]);
  });

  it('that may have suffered from those before are run again, first in their process', async () => {
    const answers = [sent(['a', 'b'], Cause.Signal), sent([], Cause.Signal), sent(['d'], Cause.Complete)];
    const { send, firsts } = scripted(answers);
    const results = await runItems(4, 1, send);
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
    const results = await runItems(3, 1, send);
    const ranOut = { ...end(Cause.OutOfMemory), wallUs: 1 };
    expect(results.map((result) => result.end)).toEqual([undefined, ranOut, undefined]);
    expect(firsts).toEqual([0, 1, 2]);
  });

  it('whose fork server is lost are sent again, three times at most', async () => {
    const lost = new ServerLost('killed');
    const answers = [lost, sent(['a'], Cause.WallClock), lost, lost, lost, sent(['d'], Cause.Complete)];
    const { send, firsts } = scripted(answers);
    const results = await runItems(4, 1, send);
    expect(results.map((result) => result.end)).toEqual([undefined, end(Cause.WallClock), 'lost', undefined]);
    expect(firsts).toEqual([0, 0, 2, 2, 2, 3]);
  });

  it('fail with what is no fault of a fork server', async () => {
    await expect(runItems(1, 1, scripted([new Error('enough')]).send)).rejects.toThrow('enough');
  });
});
