import { programTokens } from './program-tokens';
import type { ScoredProposal } from './scored-proposal';
import { withinTypes } from './within-types';

/** Similarity from which two proposals are near-duplicates: programs of ten tokens may differ in their last. */
const NEAR = 0.8;

/**
 * The share of a type's valid proposals that are in the near-duplicate cluster of each, itself included: 1/n … 1.
 * Similar are two whose sets of neighbouring token pairs overlap (Jaccard) by 0.8 or more; a cluster is what chains of
 * similar ones connect. R-Zero (arXiv 2508.05004) clusters by BLEU with average linkage: this is symmetric and depends
 * on no order. An induction proposal is compared by its pairs, for its program is the one that it was shown.
 */
export const duplicateShares = (proposals: readonly ScoredProposal[]): number[] =>
  withinTypes(proposals, (ofType) => {
    const clusters = clusterOf(ofType.map((proposal) => bigrams(textOf(proposal))));
    return clusters.map((own) => clusters.filter((other) => other === own).length / clusters.length);
  });

const textOf = ({ type, program, answer }: ScoredProposal): string => (type === 'induction' ? answer : program);

function bigrams(text: string): Set<string> {
  const tokens = programTokens(text);
  return new Set(tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`));
}

/** The number of each one's cluster: that of its first member. */
function clusterOf(sets: readonly Set<string>[]): number[] {
  const clusters = sets.map((_, i) => i);
  for (let i = 0; i < sets.length; i++) {
    for (let j = 0; j < i; j++) {
      if (clusters[i] === clusters[j] || jaccard(sets[i]!, sets[j]!) < NEAR) continue;
      const [kept, joined] = [Math.min(clusters[i]!, clusters[j]!), Math.max(clusters[i]!, clusters[j]!)];
      clusters.forEach((cluster, k) => {
        if (cluster === joined) clusters[k] = kept;
      });
    }
  }
  return clusters;
}

/** |A ∩ B| / |A ∪ B|; 1 where both are empty. */
function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const item of a) if (b.has(item)) common++;
  const union = a.size + b.size - common;
  return union === 0 ? 1 : common / union;
}
