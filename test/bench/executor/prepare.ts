import { equalValues, parseValue } from '../../../src/domain/value';
import type { BenchProgram } from './bench-program';
import type { OurSide } from './our-side';
import { proposedIn, type PreparedProgram } from './round';

/**
 * The programs that make an induction task, with its pairs; what the file says of their outputs has to be so. They are
 * validated as the deduction programs of round 0, so that the proposers of round 1 have seen what they are shown.
 */
export async function prepare(ours: OurSide, given: readonly BenchProgram[]): Promise<PreparedProgram[]> {
  const prepared = await Promise.all(given.map((program) => prepareOne(ours, program)));
  return prepared.filter((program) => program !== undefined);
}

async function prepareOne(ours: OurSide, given: BenchProgram): Promise<PreparedProgram | undefined> {
  const { text, inputs, message, known } = given;
  const pairs = inputs.map((input) => ({ input, output: '' }));
  const program = proposedIn(0, 'deduction', text);
  const task = await ours.admit({ type: 'induction', program, pairs, message, accepted: true, answers: [] });
  if (task?.type !== 'induction') return undefined;
  const found = new Map(task.pairs.map(({ input, output }) => [input, output]));
  const isAsKnown = known.every(({ input, output }) => !found.has(input) || isSame(found.get(input)!, output));
  return isAsKnown ? { text, message, pairs: task.pairs } : undefined;
}

/** @param known text that a person or another system wrote */
function isSame(output: string, known: string): boolean {
  try {
    return equalValues(parseValue(output), parseValue(known, { allowReprNames: true }), 'strict');
  } catch {
    return false;
  }
}
