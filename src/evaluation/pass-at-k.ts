/**
 * The probability that one of `k` answers to a task is right, estimated without bias from `samples` answers of which
 * `correct` are: 1 − C(n − c, k) / C(n, k) (Chen et al. 2021, Eq. 1), as a product that does not overflow.
 * @param k 1 … samples
 * @returns 0 … 1
 */
export function passAtK(samples: number, correct: number, k: number): number {
  if (samples - correct < k) return 1;
  let allWrong = 1;
  for (let i = samples - correct + 1; i <= samples; i++) allWrong *= 1 - k / i;
  return 1 - allWrong;
}
