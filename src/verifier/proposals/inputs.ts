import type { Proposal } from '../../domain/task/task';
import { ValueSyntaxError } from '../../domain/value';
import { Objection, treated } from '../objection';
import { readInput } from '../read-text';
import type { VerifierSettings } from '../settings';

export interface InputBounds {
  least: number;
  most: number;
}

/**
 * The canonical inputs of a proposal: one for a triplet, several for induction.
 * @param bounds on the inputs of an induction task: fewer are too few, of more the first are taken
 * @param longest characters of a canonical input
 */
export function readInputs(proposal: Proposal, longest: number, { least, most }: InputBounds): string[] | Objection {
  const texts = proposal.type === 'induction' ? proposal.inputs.slice(0, most) : [proposal.input];
  if (proposal.type === 'induction' && texts.length < least) {
    return new Objection('too_few_inputs', `${texts.length} inputs, and at least ${least} are needed`);
  }
  const inputs: string[] = [];
  for (const text of texts) {
    const input = readInput(text);
    if (input instanceof ValueSyntaxError) return new Objection('bad_input', input.message);
    if (input === '') return new Objection('bad_input', 'f takes at least one argument');
    if (input.length > longest) return new Objection('too_long', `an input has at most ${longest} characters`);
    inputs.push(input);
  }
  return inputs;
}

/** An induction proposal that repeats itself, which is no repeat of another task. */
export const REPEATED_INPUT = 'two inputs are the same value';

export const objectionToRepeatedInput = (
  inputs: readonly string[],
  { duplicates }: VerifierSettings['tasks'],
): Objection | undefined =>
  new Set(inputs).size < inputs.length ? treated(duplicates, 'duplicate', REPEATED_INPUT) : undefined;
