import type { ScoredProposal } from '../scored-proposal';

/** 0 … 1: 0.5 of Halstead's effort, 0.3 of cyclomatic complexity, 0.2 of Halstead's volume, on the released scales. */
export const halstead = ({ metrics: { effort, cyclomatic, volume } }: ScoredProposal): number =>
  0.5 * Math.min(effort / 10_000, 1) + 0.3 * Math.min(cyclomatic / 10, 1) + 0.2 * Math.min(volume / 500, 1);
