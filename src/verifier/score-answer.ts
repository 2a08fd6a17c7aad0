import type { PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Verdict } from '../domain/task/verdict';
import { judgeErrorName } from './answers/error-answer';
import { judgeInputs } from './answers/input-answers';
import { judgeProgram } from './answers/program-answer';
import { judgeValue } from './answers/value-answer';
import type { ProgramExecutor } from './ports';
import type { Response } from './read-response';
import { scoreResponses } from './score-responses';
import type { VerifierSettings } from './settings';

/** Scores the answers to a task: the one path for estimates, training, evaluation and admission. */
export class AnswerScorer {
  constructor(
    private readonly executor: ProgramExecutor,
    private readonly format: PromptFormat,
    private readonly settings: VerifierSettings,
  ) {}

  /**
   * One verdict for each response, in order. It follows from the task and the response's own text; answers that are
   * the same text are judged once.
   * @throws PartUnavailable
   */
  score(task: Task, responses: readonly Response[]): Promise<Verdict[]> {
    return scoreResponses(
      responses,
      (text) => this.format.parseAnswer(task.type, text),
      (answers) => this.judge(task, answers),
    );
  }

  private async judge(task: Task, answers: readonly string[]): Promise<Verdict[]> {
    const { executor, settings } = this;
    switch (task.type) {
      case 'deduction':
        return answers.map((answer) => judgeValue(task, answer, settings.tasks.equality));
      case 'error':
        return answers.map((answer) => judgeErrorName(task, answer));
      case 'abduction':
        return judgeInputs(executor, task, answers, settings);
      case 'induction':
        return Promise.all(answers.map((answer) => judgeProgram(executor, task, answer, settings)));
    }
  }
}
