/**
 * How intrinsic terms t and a proposer's own reward r become one; the released trainer's four. `sum`: r + Σt.
 * `multiply`: r · Πt. `sum-multiply`: r + Πt. `multiply-sum`: r · Σt.
 */
export const COMBINATIONS = ['sum', 'multiply', 'sum-multiply', 'multiply-sum'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** The reward itself where there are no terms. */
export function combine(reward: number, terms: readonly number[], combination: Combination): number {
  if (terms.length === 0) return reward;
  const sum = terms.reduce((total, term) => total + term, 0);
  const product = terms.reduce((total, term) => total * term, 1);
  switch (combination) {
    case 'sum':
      return reward + sum;
    case 'multiply':
      return reward * product;
    case 'sum-multiply':
      return reward + product;
    case 'multiply-sum':
      return reward * sum;
  }
}
