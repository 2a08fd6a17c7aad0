import { isDeepStrictEqual } from 'node:util';
import { bare } from '../../../domain/prompt/bare';
import { groupBy } from '../../../domain/group-by';
import type { Task } from '../../../domain/task/task';
import type { Verdict } from '../../../domain/task/verdict';
import type { ScoreItem, ScoreResponse } from '../../../generated/azr/v1/verifier';
import type { ProgramExecutor } from '../../../verifier/ports';
import { AnswerScorer } from '../../../verifier/score-answer';
import { IllegalItem, orIllegal } from './illegal-item';
import { toItemError, toVerdict } from './messages';
import { UNREADABLE, type Rules } from './rules';
import { answerOf, taskOf, type SolverAnswer } from './score-item';

/** Answers that are judged together, at most: results come in between, and work is shared between calls. */
const MOST = 32;

/** Items that follow one another and have one task. */
export interface Group {
  /** Index of the first item. */
  first: number;
  items: readonly ScoreItem[];
}

/** The items in order, those of one task together. */
export function* groupsOf(items: readonly ScoreItem[]): Generator<Group, void, undefined> {
  for (let first = 0, end = 1; first < items.length; first = end, end++) {
    const { task } = items[first]!;
    while (end < items.length && end < first + MOST && isDeepStrictEqual(items[end]!.task, task)) end++;
    yield { first, items: items.slice(first, end) };
  }
}

/** Scores the items of a request. */
export class ScoreAnswers {
  private readonly whole: AnswerScorer | undefined;
  private readonly bare: AnswerScorer;

  constructor(
    private readonly executor: ProgramExecutor,
    { settings, format }: Rules,
  ) {
    this.whole = format && new AnswerScorer(executor, format, settings);
    this.bare = new AnswerScorer(executor, bare, settings);
  }

  /** One response for each item, in order. @throws PartUnavailable */
  async respond({ first, items }: Group): Promise<ScoreResponse[]> {
    const results = await this.judge(items);
    return results.map((result, i) => ({
      index: first + i,
      result: result instanceof IllegalItem ? toItemError(result) : toVerdict(result),
    }));
  }

  private async judge(items: readonly ScoreItem[]): Promise<(Verdict | IllegalItem)[]> {
    const task = await orIllegal(() => taskOf(items[0]!.task, this.executor));
    if (task instanceof IllegalItem) return items.map(() => task);
    const answers = await Promise.all(items.map((item) => orIllegal(() => this.readable(answerOf(item)))));
    const legal = answers.filter((answer): answer is SolverAnswer => !(answer instanceof IllegalItem));
    const verdicts = await this.verdictsOf(task, legal);
    return answers.map((answer) => (answer instanceof IllegalItem ? answer : verdicts.get(answer)!));
  }

  private readable(answer: SolverAnswer): SolverAnswer {
    if (answer.isBare || this.whole) return answer;
    throw new IllegalItem('response', answer.text, UNREADABLE);
  }

  private async verdictsOf(task: Task, answers: readonly SolverAnswer[]): Promise<Map<SolverAnswer, Verdict>> {
    const verdicts = new Map<SolverAnswer, Verdict>();
    for (const [isBare, alike] of groupBy(answers, (answer) => answer.isBare)) {
      const found = await (isBare ? this.bare : this.whole!).score(task, alike);
      alike.forEach((answer, i) => verdicts.set(answer, found[i]!));
    }
    return verdicts;
  }
}
