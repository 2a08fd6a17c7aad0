import type { Role, TaskType } from '../task/task';

/** What an advantage is computed from. */
export interface Rewarded {
  role: Role;
  type: TaskType;
  /** Equal for the samples of one prompt. */
  group: string;
  reward: number;
  /** Response tokens of the episode. */
  length: number;
}

/** Whether an episode counts once in a mean and deviation, or once for each of its tokens. */
export const WEIGHTINGS = ['sequence', 'token'] as const;
export type Weighting = (typeof WEIGHTINGS)[number];

/** How rewards become advantages; each is one file of this folder. */
export const ESTIMATORS = ['trr++', 'reinforce++', 'grpo', 'rloo'] as const;
export type Estimator = (typeof ESTIMATORS)[number];
