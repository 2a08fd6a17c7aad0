import type { ProposerReward, ScoredProposal } from './scored-proposal';

/** Whether some of the samples solved the task and some did not; the counts decide, not an estimate under a prior. */
export const isLearnable = ({ solveRate: { solved, samples } }: ScoredProposal): boolean =>
  solved > 0 && solved < samples;

/**
 * 1 − r̄ where some samples solve the task and some do not (AZR, arXiv 2505.03335, Eq. 4). The two ends earn
 * `unlearnable`: 0 in the equation, −0.5 in the released runs.
 */
export const learnability: ProposerReward = (proposals, unlearnable) =>
  proposals.map((proposal) => (isLearnable(proposal) ? 1 - proposal.estimate : unlearnable));
