import { isLearnable } from './learnability';
import type { ProposerReward } from './scored-proposal';

/** SQLM (arXiv 2508.03682): 1 where some samples solve the task and some do not, however many. */
export const sqlm: ProposerReward = (proposals, unlearnable) =>
  proposals.map((proposal) => (isLearnable(proposal) ? 1 : unlearnable));
