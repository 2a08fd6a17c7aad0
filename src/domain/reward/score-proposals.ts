import { combine } from './intrinsic/combination';
import { intrinsicTerms, type IntrinsicSettings } from './intrinsic/terms';
import { PROPOSER_REWARDS, type ProposerRewardName } from './proposer';
import type { ScoredProposal } from './scored-proposal';

/** What became of a proposal, and what it is rewarded by. */
export type ProposalOutcome =
  | { outcome: 'malformed' }
  | { outcome: 'rejected'; penalised: boolean }
  | { outcome: 'accepted'; proposal: ScoredProposal };

export interface ProposerRewardSettings {
  reward: ProposerRewardName;
  malformedReward: number;
  rejectedReward: number;
  /** Of a valid task that every sample or none solves. */
  unlearnableReward: number;
  intrinsic: IntrinsicSettings;
}

/**
 * Composite rewards of a step's proposals (AZR, arXiv 2505.03335, Eq. 4 and 6): a valid task's own reward, combined
 * with its intrinsic terms, else a penalty, or nothing for one that was rejected without.
 * @param outcomes all of a step's: some rewards are relative to the batch
 * @returns one reward for each, in order
 */
export function proposerRewards(outcomes: readonly ProposalOutcome[], settings: ProposerRewardSettings): number[] {
  const valid = outcomes.flatMap((it) => (it.outcome === 'accepted' ? [it.proposal] : []));
  const own = PROPOSER_REWARDS[settings.reward](valid, settings.unlearnableReward);
  const rewards = valid.map((proposal, i) => withIntrinsic(own[i]!, proposal, settings.intrinsic));
  let next = 0;
  return outcomes.map((it) => {
    if (it.outcome === 'malformed') return settings.malformedReward;
    if (it.outcome === 'accepted') return rewards[next++]!;
    return it.penalised ? settings.rejectedReward : 0;
  });
}

/** Terms add to what a task earns by itself: as in the released trainer, one that earns nothing has none. */
const withIntrinsic = (own: number, proposal: ScoredProposal, settings: IntrinsicSettings): number =>
  own > 0 ? combine(own, intrinsicTerms(proposal, settings), settings.combine) : own;
