import type { PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Verdict } from '../domain/task/verdict';
import { judgeErrorName } from './answers/error-answer';
import { judgeInputs } from './answers/input-answers';
import { incorrect } from './answers/judge-runs';
import { judgeProgram } from './answers/program-answer';
import { judgeValue } from './answers/value-answer';
import { LONGEST_ANSWER } from './bounds';
import { Objection } from './objection';
import type { ProgramExecutor } from './ports';
import { readResponse, type Response } from './read-response';
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
  async score(task: Task, responses: readonly Response[]): Promise<Verdict[]> {
    const answers = responses.map((response) => this.answerOf(task, response));
    const distinct = [...new Set(answers.filter((answer) => typeof answer === 'string'))];
    const verdicts = await this.judge(task, distinct);
    const byAnswer = new Map(distinct.map((answer, i) => [answer, verdicts[i]!]));
    return answers.map((answer) => (typeof answer === 'string' ? byAnswer.get(answer)! : answer));
  }

  private answerOf(task: Task, response: Response): string | Verdict {
    const answer = readResponse(response, (text) => this.format.parseAnswer(task.type, text));
    if (answer.outcome === 'malformed') return answer;
    if (answer.value.length <= LONGEST_ANSWER) return answer.value;
    return incorrect(new Objection('too_long', `an answer has at most ${LONGEST_ANSWER} characters`));
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
