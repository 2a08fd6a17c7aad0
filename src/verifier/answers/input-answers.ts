import type { TripletTask } from '../../domain/task/task';
import type { Verdict } from '../../domain/task/verdict';
import { parseValue, ValueSyntaxError } from '../../domain/value';
import { LONGEST_ANSWER } from '../bounds';
import { Objection } from '../objection';
import type { ProgramExecutor } from '../ports';
import { readInput } from '../read-text';
import type { VerifierSettings } from '../settings';
import { incorrect, judgeRuns } from './judge-runs';

/**
 * Abduction: an answer is correct when p(i') is the output, whatever the proposer's input was (AZR Eq. 5). The answers
 * are read as values; the different ones run in one request, each on its own. One verdict for each answer, in order.
 */
export async function judgeInputs(
  executor: ProgramExecutor,
  task: TripletTask,
  answers: readonly string[],
  { tasks, executor: limits }: VerifierSettings,
): Promise<Verdict[]> {
  const inputs = answers.map(inputOf);
  const distinct = [...new Set(inputs.filter((input) => typeof input === 'string'))];
  const runs = distinct.length > 0 ? await executor.runAcross(task.program, distinct, limits) : [];
  const expected = parseValue(task.output);
  const verdicts = new Map(distinct.map((input, i) => [input, judgeRuns(runs[i] ?? [], expected, tasks.equality)]));
  return inputs.map((input) => (input instanceof Objection ? incorrect(input) : verdicts.get(input)!));
}

function inputOf(answer: string): string | Objection {
  const input = readInput(answer);
  if (input instanceof ValueSyntaxError) return new Objection('bad_answer', input.message);
  return input.length <= LONGEST_ANSWER ? input : new Objection('too_long', 'the value of the answer is too long');
}
