import { isLearnable } from './learnability';
import type { ProposerReward } from './scored-proposal';
import { withinTypes } from './within-types';

const PERCENTILE = 0.7;

/**
 * SGS (arXiv 2604.20209) without its guide: 1 where 0 < p ≤ the 70th percentile of its type's proposals, else 0, and
 * `unlearnable` at the two ends. The percentile is that of the tasks that some samples solve and some do not: the
 * ⌊0.7 n⌋-th of their n rates, from 0 on.
 */
export const sgs: ProposerReward = (proposals, unlearnable) =>
  withinTypes(proposals, (ofType) => {
    const rates = ofType.filter(isLearnable).map(({ estimate }) => estimate);
    const bound = rates.sort((a, b) => a - b)[Math.floor(PERCENTILE * rates.length)] ?? 0;
    return ofType.map((proposal) => {
      if (!isLearnable(proposal)) return unlearnable;
      return proposal.estimate <= bound ? 1 : 0;
    });
  });
