import { findLeak, LONGEST_MESSAGE } from '../../domain/task/leak';
import { hiddenPairs, type InductionTask, type Pair } from '../../domain/task/task';
import { equalValues, parseValue } from '../../domain/value';
import { Objection } from '../objection';
import type { ProgramRun } from '../ports';
import type { VerifierSettings } from '../settings';
import { outputOf } from './triplet';

/** Pairs of an induction task: on each input all runs agree on a value. */
export function pairsOf(inputs: readonly string[], runs: readonly ProgramRun[][]): Pair[] | Objection {
  const pairs: Pair[] = [];
  for (const [i, input] of inputs.entries()) {
    const output = outputOf(runs[i] ?? []);
    if (output instanceof Objection) return output;
    pairs.push({ input, output });
  }
  return pairs;
}

/**
 * What is wrong with an induction task whose pairs are sound.
 * @param withoutComments its program without comments and docstrings
 */
export function objectionToInduction(
  task: InductionTask,
  withoutComments: string,
  { leaks, constantOutputs }: VerifierSettings['tasks'],
): Objection | undefined {
  if (constantOutputs === 'reject' && isConstant(task.pairs)) {
    return new Objection('constant_output', 'every input has the same output');
  }
  if (leaks === 'allow') return undefined;
  const leak = findLeak(task.message, [task.program, withoutComments], hiddenPairs(task));
  return leak && new Objection('leak', `the message gives away ${leak}`);
}

export function objectionToMessage(message: string): Objection | undefined {
  if (message.length <= LONGEST_MESSAGE) return undefined;
  return new Objection('too_long', `a message has at most ${LONGEST_MESSAGE} characters`);
}

function isConstant([first, ...others]: readonly Pair[]): boolean {
  const value = parseValue(first!.output);
  return others.every(({ output }) => equalValues(value, parseValue(output), 'strict'));
}
