/**
 * Learnability of a task at the current policy: 0 where every sample or none solves it, else 1 − r̄.
 * AZR (arXiv 2505.03335) Eq. 4; `unlearnable` is what the two ends earn (0 in the equation, −0.5 in the
 * released runs).
 * @param solveRate r̄, 0 … 1
 */
export const learnability = (solveRate: number, unlearnable: number): number =>
  solveRate === 0 || solveRate === 1 ? unlearnable : 1 - solveRate;
