import type { Validation, Verdict } from '../task/verdict';
import { learnability } from './learnability';

export interface ProposerRewards {
  malformedReward: number;
  rejectedReward: number;
  /** Of a valid task that every sample or none solves. */
  unlearnableReward: number;
}

export interface SolverRewards {
  malformedReward: number;
  wrongReward: number;
}

/**
 * Composite reward of a proposal (AZR Eq. 6): its learnability if it is a valid task, else a penalty.
 * @param solveRate mean of the solver samples of an accepted proposal, 0 … 1; unused otherwise
 */
export function proposerReward(validation: Validation, solveRate: number, rewards: ProposerRewards): number {
  if (validation.outcome === 'malformed') return rewards.malformedReward;
  if (validation.outcome === 'rejected') return rewards.rejectedReward;
  return learnability(solveRate, rewards.unlearnableReward);
}

/** Composite reward of an answer (AZR Eq. 5 and 6): 1 if correct, else a penalty. */
export function solverReward(verdict: Verdict, rewards: SolverRewards): number {
  if (verdict.outcome === 'correct') return 1;
  return verdict.outcome === 'malformed' ? rewards.malformedReward : rewards.wrongReward;
}
