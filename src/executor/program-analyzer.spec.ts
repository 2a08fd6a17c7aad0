import type { ForkServer } from './fork-server';
import type { ForkServerPool } from './fork-server-pool';
import { Cause, type ForkRequest } from './frames';
import { ProgramAnalyzer } from './program-analyzer';

/** A pool of one fork server that reads each program as its own canonical form; `broken` ones run out of time. */
function reading(broken = 'never') {
  const asked: string[][] = [];
  const server = {
    kind: { group: 0, library: 'whole' },
    run: ({ payload }: ForkRequest) => {
      const programs = payload.items as string[];
      asked.push(programs);
      const good = programs.slice(0, programs.includes(broken) ? programs.indexOf(broken) : undefined);
      const frames = good.map((program) => ({ status: 1, text: JSON.stringify({ canonical: program }), wallUs: 0 }));
      const cause = good.length === programs.length ? Cause.Complete : Cause.WallClock;
      return Promise.resolve({ frames, end: { cause, code: 0, wallUs: 0 } });
    },
  };
  const use: Pick<ForkServerPool, 'use'>['use'] = (_wanted, _signal, work) => work(server as unknown as ForkServer);
  return { analyzer: new ProgramAnalyzer({ use } as unknown as ForkServerPool), asked };
}

describe('analyses', () => {
  it('are made once for a text, and come in order', async () => {
    const { analyzer, asked } = reading();
    const first = await analyzer.read(['a', 'b', 'a'], false);
    const second = await analyzer.read(['c', 'b'], false);
    expect([first, second].map((some) => some.map(({ analysis }) => analysis.canonical))).toEqual([
      ['a', 'b', 'a'],
      ['c', 'b'],
    ]);
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('of a program that takes too long are remembered as well', async () => {
    const { analyzer, asked } = reading('bomb');
    for (const _ of [1, 2]) {
      const [before, bomb, after] = await analyzer.read(['a', 'bomb', 'b'], false);
      expect([before!.analysis.canonical, after!.analysis.canonical]).toEqual(['a', 'b']);
      expect(bomb!.analysis.syntaxError).toBe('CPython cannot compile it within the limits (WallClock)');
    }
    expect(asked).toEqual([['a', 'bomb', 'b'], ['b']]);
  });

  it('are forgotten, the oldest first, once they are too many', async () => {
    const { analyzer, asked } = reading();
    const long = (letter: string): string => letter.repeat(1 << 20);
    const letters = [...'abcdefgh'];
    for (const letter of letters) await analyzer.read([long(letter)], false);
    await analyzer.read([long('h')], false);
    await analyzer.read([long('a')], false);
    expect(asked.map(([program]) => program![0])).toEqual([...letters, 'a']);
  });
});
