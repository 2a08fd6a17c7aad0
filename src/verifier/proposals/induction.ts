import { findLeak, LONGEST_MESSAGE } from '../../domain/task/leak';
import { hiddenPairs, shownPairs, type InductionTask, type Pair } from '../../domain/task/task';
import { equalValues, parseValue } from '../../domain/value';
import { Objection, treated, worst } from '../objection';
import type { ProgramRun } from '../ports';
import type { VerifierSettings } from '../settings';
import { outputOf } from './triplet';

/** Pairs of an induction task: on each input all runs agree on a value. The first input that has none decides. */
export function pairsOf(inputs: readonly string[], runs: readonly ProgramRun[][]): Pair[] | Objection {
  const pairs: Pair[] = [];
  for (const [i, input] of inputs.entries()) {
    const output = outputOf(runs[i] ?? []);
    if (output instanceof Objection) return output;
    pairs.push({ input, output });
  }
  return pairs;
}

export function objectionToMessage(message: string): Objection | undefined {
  if (message.length <= LONGEST_MESSAGE) return undefined;
  return new Objection('too_long', `a message has at most ${LONGEST_MESSAGE} characters`);
}

/**
 * What a run may have against an induction task whose pairs are sound.
 * @param withoutComments its program without comments and docstrings
 */
export const objectionToInduction = (
  task: InductionTask,
  withoutComments: string,
  tasks: VerifierSettings['tasks'],
): Objection | undefined =>
  worst(
    objectionToOutputs(task, tasks),
    objectionToHiddenInputs(task, tasks),
    objectionToLeak(task, withoutComments, tasks),
  );

function objectionToOutputs(task: InductionTask, tasks: VerifierSettings['tasks']): Objection | undefined {
  const hidden = hiddenPairs(task);
  if (areEqual(task.pairs)) return treated(tasks.constantOutputs, 'constant_output', 'every input has the same output');
  // A single one is equal to itself: seeds may have no more.
  if (hidden.length < 2 || !areEqual(hidden)) return undefined;
  return treated(tasks.equalHiddenOutputs, 'equal_hidden_outputs', 'every hidden input has the same output');
}

function objectionToHiddenInputs(task: InductionTask, tasks: VerifierSettings['tasks']): Objection | undefined {
  const shown = new Set(shownPairs(task).map(({ input }) => input));
  const repeated = hiddenPairs(task).find(({ input }) => shown.has(input));
  return repeated && treated(tasks.shownHiddenInputs, 'shown_hidden_input', 'a hidden input is shown as well');
}

function objectionToLeak(
  task: InductionTask,
  withoutComments: string,
  { leaks }: VerifierSettings['tasks'],
): Objection | undefined {
  if (leaks === 'allow') return undefined;
  const shown = shownPairs(task).map(({ input }) => input);
  const leak = findLeak(task.message, [task.program, withoutComments], hiddenPairs(task), shown);
  return leak && treated(leaks, 'leak', `the message, or an input that is shown, gives away ${leak}`);
}

function areEqual([first, ...others]: readonly Pair[]): boolean {
  const value = parseValue(first!.output);
  return others.every(({ output }) => equalValues(value, parseValue(output), 'strict'));
}
