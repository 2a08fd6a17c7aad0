import { groupBy } from '../group-by';
import type { ScoredProposal } from './scored-proposal';

/**
 * What is relative to a batch is relative to the proposals of one task type, as baselines are.
 * @param work one result for each proposal of a type, in order
 * @returns one result for each proposal, in order
 */
export function withinTypes<T>(
  proposals: readonly ScoredProposal[],
  work: (ofType: readonly ScoredProposal[]) => readonly T[],
): T[] {
  const results = new Map<ScoredProposal, T>();
  for (const ofType of groupBy(proposals, ({ type }) => type).values()) {
    const found = work(ofType);
    ofType.forEach((proposal, i) => results.set(proposal, found[i]!));
  }
  return proposals.map((proposal) => results.get(proposal)!);
}
