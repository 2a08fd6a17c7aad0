import type { Estimator, Rewarded, Weighting } from './advantage';
import { grpoAdvantages } from './grpo';
import { reinforceAdvantages } from './reinforce';
import { rlooAdvantages } from './rloo';
import { taskRelativeAdvantages } from './task-relative';

const ADVANTAGES: Record<Estimator, (episodes: readonly Rewarded[], weighting: Weighting) => number[]> = {
  'trr++': taskRelativeAdvantages,
  'reinforce++': reinforceAdvantages,
  grpo: grpoAdvantages,
  rloo: rlooAdvantages,
};

/** One advantage for each episode, in order; every response token of an episode carries it (γ = 1). Never NaN. */
export const advantagesOf = (episodes: readonly Rewarded[], estimator: Estimator, weighting: Weighting): number[] =>
  ADVANTAGES[estimator](episodes, weighting);

export { shuffledRewards } from './shuffled-rewards';
