import type { ScoredProposal } from '../scored-proposal';
import { answerDiversity } from './answer-diversity';
import type { Combination } from './combination';
import { complexity } from './complexity';
import { meanEditDistance } from './edit-distance';
import { halstead } from './halstead';

/** A term is min(weight × value, max); off where the weight is 0. */
export interface TermSettings {
  weight: number;
  max: number;
}

const OF_PROGRAM = { complexity, halstead, editDistance: meanEditDistance };
const OF_ANSWER = { diversity: answerDiversity };

type TermName = keyof typeof OF_PROGRAM | keyof typeof OF_ANSWER;

export type IntrinsicSettings = Record<TermName, TermSettings> & { combine: Combination };

/**
 * The terms that are on. An induction proposal has that of its answers alone, as in the released trainer: its program
 * is the one that it was shown.
 */
export function intrinsicTerms(proposal: ScoredProposal, settings: IntrinsicSettings): number[] {
  const values: Partial<Record<TermName, (of: ScoredProposal) => number>> =
    proposal.type === 'induction' ? OF_ANSWER : { ...OF_PROGRAM, ...OF_ANSWER };
  return Object.entries(values).flatMap(([name, valueOf]) => {
    const { weight, max } = settings[name as TermName];
    return weight === 0 ? [] : [Math.min(weight * valueOf(proposal), max)];
  });
}
