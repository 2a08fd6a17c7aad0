import type { PromptFormat } from '../../domain/prompt';
import { goldAnswer } from '../../domain/task/gold-answer';
import type { Task } from '../../domain/task/task';
import { Objection } from '../objection';
import type { AnswerScorer } from '../score-answer';

/**
 * The gate that every task passes, whatever its type and origin: it can be shown, and its own answer, written as a
 * solver would, scores as correct. So no task has an answer that nobody can give.
 */
export async function objectionToTask(
  task: Task,
  format: PromptFormat,
  scorer: AnswerScorer,
): Promise<Objection | undefined> {
  if (!textsOf(task).every((text) => isPlain(text) && format.canShow(text))) {
    return new Objection(
      'unshowable',
      `it holds what the prompt format ${format.name} takes for a tag, or no character`,
    );
  }
  const response = { text: format.renderAnswer(task.type, goldAnswer(task)), finished: true };
  const [verdict] = await scorer.score(task, [response]);
  if (verdict?.outcome === 'correct') return undefined;
  return new Objection('unverifiable', `its own answer is ${verdict?.outcome}: ${verdict?.reason}, ${verdict?.detail}`);
}

/** All that a proposer or solver may be shown of the task. */
const textsOf = (task: Task): string[] =>
  task.type === 'induction'
    ? [task.program, task.message, ...task.pairs.flatMap(({ input, output }) => [input, output])]
    : [task.program, task.input, task.output];

/** Whether the text is made of characters that every tokenizer and store takes. */
const isPlain = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text);
