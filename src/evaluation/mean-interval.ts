import { wilsonInterval, type Interval } from '../domain/curriculum/solve-rate';

/**
 * 95% interval of the mean of shares, one for each task. Answers to one task are alike, so tasks are what is counted:
 * the Wilson score interval with the effective sample size of a sample of clusters, n p(1 − p) / s², where s² is the
 * variance of the n shares (Korn & Graubard 1998; with Wilson's interval Franco, Little, Louis & Slud 2019). With one
 * answer a task it is Wilson's own.
 * @param shares 0 … 1; [0, 1] is given where there are none
 * @param mostOfEach independent answers that a share stands for, at most: 1 or more
 */
export function meanInterval(shares: readonly number[], mostOfEach: number): Interval {
  const count = shares.length;
  const mean = meanOf(shares);
  const variance = meanOf(shares.map((share) => (share - mean) ** 2));
  const binomial = mean * (1 - mean);
  const most = count * mostOfEach;
  const effective = binomial === 0 ? count : Math.min(most, (count * binomial) / variance);
  return wilsonInterval({ solved: mean * effective, samples: effective, rate: mean });
}

/** 0 of nothing. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
