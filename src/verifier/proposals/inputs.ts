import type { Proposal } from '../../domain/task/task';
import { ValueSyntaxError } from '../../domain/value';
import { Objection } from '../objection';
import { readInput } from '../read-text';
import type { VerifierSettings } from '../settings';

/**
 * The canonical inputs of a proposal: one for a triplet, several for induction, all different unless duplicates are
 * allowed. Of more than `tasks.inductionInputs` the first are taken.
 * @param minimum inputs that an induction task needs
 */
export function readInputs(
  proposal: Proposal,
  { tasks, executor }: VerifierSettings,
  minimum: number,
): string[] | Objection {
  const texts = proposal.type === 'induction' ? proposal.inputs.slice(0, tasks.inductionInputs) : [proposal.input];
  if (proposal.type === 'induction' && texts.length < minimum) {
    return new Objection('too_few_inputs', `${texts.length} inputs, and at least ${minimum} are needed`);
  }
  const inputs: string[] = [];
  for (const text of texts) {
    const input = readInput(text);
    if (input instanceof ValueSyntaxError) return new Objection('bad_input', input.message);
    if (input === '') return new Objection('bad_input', 'f takes at least one argument');
    if (input.length > executor.inputLength) {
      return new Objection('too_long', `an input has at most ${executor.inputLength} characters`);
    }
    if (tasks.duplicates === 'reject' && inputs.includes(input))
      return new Objection('duplicate', 'two inputs are the same value');
    inputs.push(input);
  }
  return inputs;
}
