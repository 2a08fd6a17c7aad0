/**
 * A token as it is compared: a text that must be the same, or a name, given as the distance back to where it stood last
 * (0 if it did not). Names are then compared by where they return, so that consistently renamed tokens are equal.
 */
export type MatchSymbol = string | number;

/** @param isName whether the token at `index` may be called something else */
export function matchSymbols(
  tokens: readonly string[],
  isName: (token: string, index: number) => boolean,
): MatchSymbol[] {
  const last = new Map<string, number>();
  return tokens.map((token, i) => {
    if (!isName(token, i)) return token;
    const distance = i - (last.get(token) ?? i);
    last.set(token, i);
    return distance;
  });
}

/**
 * Whether the pattern stands in the text up to a one-to-one renaming. Linear in both lengths: the search of Knuth,
 * Morris and Pratt over Baker's parameterized match (1996).
 */
export function occursRenamed(pattern: readonly MatchSymbol[], text: readonly MatchSymbol[]): boolean {
  if (pattern.length > text.length) return false;
  const borders = bordersOf(pattern);
  let matched = 0;
  for (const symbol of text) {
    while (matched > 0 && !fits(pattern[matched], symbol, matched)) matched = borders[matched - 1]!;
    if (fits(pattern[matched], symbol, matched)) matched += 1;
    if (matched === pattern.length) return true;
  }
  return pattern.length === 0;
}

/** For each end, the length of the longest proper prefix of the pattern that matches what stands before it. */
function bordersOf(pattern: readonly MatchSymbol[]): number[] {
  const borders = [0];
  for (let end = 1, matched = 0; end < pattern.length; end++) {
    while (matched > 0 && !fits(pattern[matched], pattern[end]!, matched)) matched = borders[matched - 1]!;
    if (fits(pattern[matched], pattern[end]!, matched)) matched += 1;
    borders.push(matched);
  }
  return borders;
}

/** A name that last stood before the first of the `matched` symbols stands there for the first time. */
const fits = (pattern: MatchSymbol | undefined, symbol: MatchSymbol, matched: number): boolean =>
  pattern === (typeof symbol === 'number' && symbol > matched ? 0 : symbol);
