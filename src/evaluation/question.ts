import { solverView, type PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Verdict } from '../domain/task/verdict';
import type { Response } from '../verifier/read-response';
import type { AnswerScorer } from '../verifier/score-answer';
import type { CodingScorer } from './coding/coding-scorer';
import type { CodingTask } from './coding/coding-task';

/** What a policy is asked, and who judges what it answers. */
export interface Question {
  id: string;
  /** Name that it is counted under: a task type, or that of a public benchmark. */
  benchmark: string;
  prompt: string;
  /** Whether asserts of the benchmark run beside the answer, which can forge what comes of them. */
  assertsBesideAnswer: boolean;
  /** One verdict for each response, in order. @throws PartUnavailable */
  judge(responses: readonly Response[]): Promise<Verdict[]>;
}

export const taskQuestion = (
  benchmark: string,
  task: Task,
  format: PromptFormat,
  scorer: Pick<AnswerScorer, 'score'>,
): Question => ({
  id: task.id,
  benchmark,
  prompt: format.renderSolver(solverView(task)),
  assertsBesideAnswer: false,
  judge: (responses) => scorer.score(task, responses),
});

export const codingQuestion = (
  benchmark: string,
  task: CodingTask,
  format: PromptFormat,
  scorer: CodingScorer,
): Question => ({
  id: task.id,
  benchmark,
  prompt: format.renderCoding(task.view),
  assertsBesideAnswer: task.besideAnswer !== undefined,
  judge: (responses) => scorer.score(task, responses),
});
