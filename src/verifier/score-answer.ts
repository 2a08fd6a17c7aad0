import type { Task } from '../domain/task/task';
import type { Verdict } from '../domain/task/verdict';
import type { Parsed } from '../domain/prompt';
import { equalValues, parseValue, ValueSyntaxError } from '../domain/value';
import { readText } from './read-text';

/** Text that a policy generated, and how it ended. */
export interface Response {
  text: string;
  /** Whether the policy ended it itself; a response cut at a token limit is not an answer. */
  finished: boolean;
}

/**
 * The verdict on a solver's response. The one path for estimates, training, evaluation and admission.
 * @param parse reads the answer out of a finished response
 */
export function scoreResponse(task: Task, response: Response, parse: (text: string) => Parsed<string>): Verdict {
  if (!response.finished) return { outcome: 'malformed', reason: 'truncated', detail: 'cut at the token limit' };
  const answer = parse(response.text);
  if (!answer.ok) return { outcome: 'malformed', reason: 'malformed', detail: answer.detail };
  return scoreAnswer(task, answer.value);
}

/** The verdict on an answer. Deduction: correct when the answer is the value of p(i), type included (Eq. 5). */
export function scoreAnswer(task: Task, answer: string): Verdict {
  const value = readText(parseValue, answer);
  if (value instanceof ValueSyntaxError) {
    return { outcome: 'incorrect', reason: 'bad_answer', detail: value.message };
  }
  if (equalValues(value, parseValue(task.output), 'strict')) return { outcome: 'correct' };
  return { outcome: 'incorrect', reason: 'wrong_value', detail: 'the value is another one' };
}
