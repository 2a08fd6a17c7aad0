import { isLearnable } from './learnability';
import type { ProposerReward } from './scored-proposal';

/** 4p(1 − p), ours: four times the variance p(1 − p) of the solver's reward, so that it is 1 at p = ½. */
export const variance: ProposerReward = (proposals, unlearnable) =>
  proposals.map((proposal) => (isLearnable(proposal) ? 4 * proposal.estimate * (1 - proposal.estimate) : unlearnable));
