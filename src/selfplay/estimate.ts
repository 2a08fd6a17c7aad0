import type { RunSpec } from '../config/run-spec';
import { nextSamples } from '../domain/curriculum/estimation';
import { solveRate, type SolveRate } from '../domain/curriculum/solve-rate';
import type { ProposalPlan } from '../domain/curriculum/step-plan';
import { solverView, type PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Verdict } from '../domain/task/verdict';
import type { AnswerScorer } from '../verifier/score-answer';
import type { Completion } from './episode';
import { responseOf, type Sampler } from './sampler';

/** A response to a task's prompt, and the verdict on it. */
export interface Answer {
  prompt: string;
  promptTokenIds: number[];
  completion: Completion;
  verdict: Verdict;
}

/** A task as it was estimated. */
export interface Estimate {
  task: Task;
  answers: Answer[];
  solveRate: SolveRate;
}

/** Monte Carlo estimate of a task's solve rate at the present policy (AZR Eq. 4), in rounds until it is settled. */
export class Estimator {
  constructor(
    private readonly spec: RunSpec,
    private readonly format: PromptFormat,
    private readonly scorer: AnswerScorer,
  ) {}

  /** @throws PromptTooLong where the task leaves no room for an answer */
  async estimate({ index, estimateSeed }: ProposalPlan, task: Task, sampler: Sampler): Promise<Estimate> {
    const prompt = this.format.renderSolver(solverView(task));
    const answers: Answer[] = [];
    for (let round = 0; ; round++) {
      const samples = nextSamples(rateOf(answers), this.spec.solver.estimation);
      if (samples === 0) return { task, answers, solveRate: rateOf(answers) };
      const request = { key: `estimate/${index}/${round}`, prompt, samples, seed: estimateSeed + answers.length };
      const { promptTokenIds, completions } = await sampler.sample(request);
      const verdicts = await this.scorer.score(task, completions.map(responseOf));
      answers.push(
        ...completions.map((completion, i) => ({ prompt, promptTokenIds, completion, verdict: verdicts[i]! })),
      );
    }
  }
}

const rateOf = (answers: readonly Answer[]): SolveRate =>
  solveRate(answers.filter(({ verdict }) => verdict.outcome === 'correct').length, answers.length);
