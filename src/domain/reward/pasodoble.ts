import { answerDiversity } from './intrinsic/answer-diversity';
import { meanEditDistance } from './intrinsic/edit-distance';
import type { ProposerReward, ScoredProposal } from './scored-proposal';

/** Solve rate below which a task is taken for a wrong one, as in the released scripts. */
const LOWEST_RATE = 0.2;
/** Novelty below which a task is taken for a copy. Ours, as is the measure. */
const LEAST_NOVELTY = 0.3;

/**
 * PasoDoble (arXiv 2511.11881): 0 where p < 0.2 or the novelty is below 0.3, else 1.1 − p + 0.2 novelty. It has values
 * of its own at the two ends, so that `unlearnable` does not apply.
 */
export const pasodoble: ProposerReward = (proposals) =>
  proposals.map((proposal) => {
    const newness = novelty(proposal);
    if (proposal.estimate < LOWEST_RATE || newness < LEAST_NOVELTY) return 0;
    return 1.1 - proposal.estimate + 0.2 * newness;
  });

/**
 * 0 … 1: how far the program is from what the proposer was shown; the paper compares with its latest questions. An
 * induction proposal is judged by its pairs, for its program is the one that it was shown.
 */
const novelty = (proposal: ScoredProposal): number =>
  proposal.type === 'induction' ? answerDiversity(proposal) : meanEditDistance(proposal);
