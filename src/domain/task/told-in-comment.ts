import { goldAnswer } from './gold-answer';
import type { Task } from './task';
import { tokensOf, withoutQuotes } from './text-tokens';

/**
 * Whether the task's own answer stands in a comment or docstring of the program that a solver is shown, whatever its
 * quotes and spacing: more often in the program than in what is left of it without them. An induction task shows none.
 * @param withoutComments the program without comments and docstrings
 */
export function isToldInComment(task: Task, withoutComments: string): boolean {
  if (task.type === 'induction') return false;
  const answer = words(goldAnswer(task));
  const count = (program: string): number => words(program).split(answer).length;
  return answer !== NO_WORDS && count(task.program) > count(withoutComments);
}

/** Each between blanks of its own, so that a text is found as whole words, and next to itself. */
const words = (text: string): string =>
  withoutQuotes(tokensOf(text))
    .map((token) => ` ${token} `)
    .join('');

const NO_WORDS = '';
