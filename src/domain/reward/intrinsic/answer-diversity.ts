import type { ScoredProposal } from '../scored-proposal';

/** 1 less the share of the buffer's answers that are the same, 0 … 1; 1 for one that is not there. */
export function answerDiversity({ answer, knownAnswers }: ScoredProposal): number {
  const count = knownAnswers.get(answer) ?? 0;
  if (count === 0) return 1;
  const total = [...knownAnswers.values()].reduce((sum, one) => sum + one, 0);
  return 1 - count / total;
}
