import type { ScoredProposal } from '../scored-proposal';

/** Cognitive complexity over 15, the released scale; at least 0, unbounded. */
export const complexity = ({ metrics }: ScoredProposal): number => metrics.cognitive / 15;
