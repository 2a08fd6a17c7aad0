import { isLearnable } from './learnability';
import type { ProposerReward } from './scored-proposal';

/** 4p(1 − p): the variance of the solver's reward, which its gradient grows with, scaled to 1 at p = ½. */
export const variance: ProposerReward = (proposals, unlearnable) =>
  proposals.map((proposal) => (isLearnable(proposal) ? 4 * proposal.estimate * (1 - proposal.estimate) : unlearnable));
