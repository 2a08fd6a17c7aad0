import { isLearnable } from './learnability';
import { duplicateShares } from './near-duplicates';
import type { ProposerReward } from './scored-proposal';

/** R-Zero's released code (arXiv 2508.05004): min(p, 1 − p), less the share of its near-duplicates. */
export const rZero: ProposerReward = (proposals, unlearnable) =>
  lessDuplicates(proposals, unlearnable, (p) => Math.min(p, 1 - p));

/** R-Zero's paper: 1 − 2|p − ½|, less the share of its near-duplicates. */
export const rZeroTent: ProposerReward = (proposals, unlearnable) =>
  lessDuplicates(proposals, unlearnable, (p) => 1 - 2 * Math.abs(p - 0.5));

/** Both are 0 at the two ends, where `unlearnable` takes the place of the uncertainty. */
function lessDuplicates(
  proposals: Parameters<ProposerReward>[0],
  unlearnable: number,
  uncertainty: (p: number) => number,
): number[] {
  const shares = duplicateShares(proposals);
  return proposals.map((proposal, i) => {
    const own = isLearnable(proposal) ? uncertainty(proposal.estimate) : unlearnable;
    return own - shares[i]!;
  });
}
