import { learnability } from './learnability';
import { pasodoble } from './pasodoble';
import { rZero, rZeroTent } from './r-zero';
import type { ProposerReward } from './scored-proposal';
import { sgs } from './sgs';
import { sqlm } from './sqlm';
import { variance } from './variance';

/** The proposer rewards that a run may choose from. */
export const PROPOSER_REWARDS = {
  learnability,
  'r-zero': rZero,
  'r-zero-tent': rZeroTent,
  sqlm,
  variance,
  sgs,
  pasodoble,
} as const satisfies Record<string, ProposerReward>;
export type ProposerRewardName = keyof typeof PROPOSER_REWARDS;
