import { programTokens } from '../program-tokens';
import type { ScoredProposal } from '../scored-proposal';

/** Tokens of a program that are compared; time grows with their square. */
const MOST_TOKENS = 1_024;

/**
 * Mean distance of a program to those that its proposer was shown, 0 (the same) … 1; 1 where it was shown none. The
 * released trainer takes one less difflib's ratio over printed syntax trees; this is the edit distance of tokens.
 */
export function meanEditDistance({ program, references }: ScoredProposal): number {
  if (references.length === 0) return 1;
  const sum = references.reduce((total, reference) => total + editDistance(program, reference), 0);
  return sum / references.length;
}

/** Levenshtein's distance over the tokens' first 1,024, divided by the longer length: 0 … 1. */
export function editDistance(one: string, other: string): number {
  const [a, b] = [programTokens(one).slice(0, MOST_TOKENS), programTokens(other).slice(0, MOST_TOKENS)];
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : levenshtein(a, b) / longest;
}

/** A row at a time: memory grows with `b` alone. */
function levenshtein(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((token, i) => {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j]! + (token === b[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  });
  return row[b.length]!;
}
