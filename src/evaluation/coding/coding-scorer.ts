import type { PromptFormat } from '../../domain/prompt';
import type { Verdict } from '../../domain/task/verdict';
import { CORRECT, incorrect } from '../../verifier/answers/judge-runs';
import { judgePairs } from '../../verifier/answers/program-answer';
import { Objection } from '../../verifier/objection';
import type { ProgramExecutor, RunLimits } from '../../verifier/ports';
import type { Response } from '../../verifier/read-response';
import { scoreResponses } from '../../verifier/score-responses';
import { readSource } from '../read-source';
import { testProgram, valueProgram } from './answer-program';
import type { CodingTask } from './coding-task';

/**
 * Scores answers to programming problems. What an assert expects is compared with the answer's value by us, as `==`
 * does, and never goes where the answer runs; asserts of other forms run beside it. Nothing is banned: a benchmark is
 * no proposal, and the jail holds whatever a program reaches for.
 */
export class CodingScorer {
  constructor(
    private readonly executor: ProgramExecutor,
    private readonly format: PromptFormat,
    private readonly limits: RunLimits,
  ) {}

  /** One verdict for each response, in order. @throws PartUnavailable */
  score(task: CodingTask, responses: readonly Response[]): Promise<Verdict[]> {
    return scoreResponses(
      responses,
      (text) => this.format.parseAnswer('induction', text),
      (answers) => Promise.all(answers.map((answer) => this.judge(task, answer))),
    );
  }

  private async judge(task: CodingTask, answer: string): Promise<Verdict> {
    const source = await readSource(this.executor, answer);
    if (source instanceof Objection) return incorrect(source);
    const rules = { equality: 'python', limits: this.limits } as const;
    if (task.pairs.length > 0) {
      const verdict = await judgePairs(this.executor, valueProgram(task, answer), task.pairs, rules);
      if (verdict.outcome !== 'correct') return verdict;
    }
    if (task.besideAnswer === undefined) return CORRECT;
    return judgePairs(this.executor, testProgram(task, answer, task.besideAnswer), PASSES, rules);
  }
}

const PASSES = [{ input: '', output: 'True' }];
