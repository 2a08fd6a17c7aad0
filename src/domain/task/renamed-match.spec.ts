import fc from 'fast-check';
import { matchSymbols, occursRenamed } from './renamed-match';

const isName = (token: string): boolean => /[a-z]/.test(token);
const symbols = (text: string) => matchSymbols([...text], isName);
const occurs = (pattern: string, text: string): boolean => occursRenamed(symbols(pattern), symbols(text));

/** By trying each place, with a map each way. */
function occursNaively(pattern: string, text: string): boolean {
  return Array.from({ length: text.length - pattern.length + 1 }, (_, at) => at).some((at) => {
    const there = new Map<string, string>();
    const back = new Map<string, string>();
    return [...pattern].every((token, i) => {
      const other = text[at + i]!;
      if (!isName(token) || !isName(other)) return token === other;
      if (!there.has(token) && !back.has(other)) {
        there.set(token, other);
        back.set(other, token);
      }
      return there.get(token) === other && back.get(other) === token;
    });
  });
}

describe('a renamed match', () => {
  it.each([
    ['x+x', '1y+y', true],
    ['x+x', 'x+y', false],
    ['x+y', 'x+x', false],
    ['x+1', 'y+1', true],
    ['x+1', 'y+2', false],
    ['xyx', 'aabab', true],
    ['', 'a', true],
    ['a', '', false],
    ['ab', 'b', false],
  ])('of %j in %j: %s', (pattern, text, expected) => {
    expect(occurs(pattern, text)).toBe(expected);
  });

  it('is what trying each place finds', () => {
    const text = (maxLength: number) =>
      fc.array(fc.constantFrom('a', 'b', 'c', '1', '2'), { maxLength }).map((tokens) => tokens.join(''));
    fc.assert(
      fc.property(text(6), text(40), (pattern, told) => {
        expect(occurs(pattern, told)).toBe(occursNaively(pattern, told));
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });
});
