import fc from 'fast-check';
import { scored } from '../../../test/support/scored-proposal';
import { duplicateShares } from './near-duplicates';

const program = (text: string): ReturnType<typeof scored> => scored(4, { program: text });

describe('near-duplicates', () => {
  it('are programs that differ in little: eight of ten token pairs shared are enough, seven of eleven are not', () => {
    // def f ( x ) : return x + 1 has nine token pairs; another last token leaves eight of ten.
    const [one, two] = ['def f(x): return x + 1', 'def f(x): return x + 2'];
    expect(duplicateShares([program(one), program(two)])).toEqual([1, 1]);
    expect(duplicateShares([program(one), program('def f(x): return x * 2')])).toEqual([0.5, 0.5]);
  });

  it('do not depend on spacing', () => {
    expect(duplicateShares([program('def f(x):return x+1'), program('def f( x ):\n    return x + 1')])).toEqual([1, 1]);
  });

  it('form a cluster through a chain of similar ones', () => {
    const tokens = Array.from({ length: 12 }, (_, i) => `t${i}`);
    const window = (start: number): string => tokens.slice(start, start + 10).join(' ');
    // Neighbours share eight of ten token pairs, the first and the last seven of eleven.
    const chain = [window(0), window(1), window(2)].map(program);
    expect(duplicateShares(chain)).toEqual([1, 1, 1]);
    expect(duplicateShares([chain[0]!, chain[2]!])).toEqual([0.5, 0.5]);
  });

  it('are of one task type, and a share is of its proposals', () => {
    const same = { program: 'def f(x): return x + 1' };
    const types = (['deduction', 'deduction', 'abduction'] as const).map((type) => scored(4, { ...same, type }));
    expect(duplicateShares([...types, program('lambda: nothing like it at all')])).toEqual([2 / 3, 2 / 3, 1, 1 / 3]);
  });

  it('of induction are those with the same pairs, since the program was given', () => {
    const given = { type: 'induction', program: 'def f(x): return x + 1' } as const;
    const pairs = ['[1, 2, 3]', '[7, 8, 9, 0]'].map((answer) => scored(4, { ...given, answer }));
    expect(duplicateShares(pairs)).toEqual([0.5, 0.5]);
  });

  it('do not depend on the order of the proposals', () => {
    const texts = fc.array(fc.stringMatching(/^([abc] ){2,8}$/), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (all) => {
        const forwards = duplicateShares(all.map(program));
        const backwards = duplicateShares([...all].reverse().map(program));
        expect(backwards.reverse()).toEqual(forwards);
      }),
      { seed: 1 },
    );
  });
});
