import type { Verdict } from '../task/verdict';

export interface SolverRewards {
  malformedReward: number;
  wrongReward: number;
}

/** Composite reward of an answer (AZR, arXiv 2505.03335, Eq. 5 and 6): 1 if correct, else a penalty. */
export function solverReward(verdict: Verdict, rewards: SolverRewards): number {
  if (verdict.outcome === 'correct') return 1;
  return verdict.outcome === 'malformed' ? rewards.malformedReward : rewards.wrongReward;
}
