import type { SolverPlan } from '../domain/curriculum/step-plan';
import { PromptTooLong } from '../domain/errors';
import { solverView, type PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { AnswerScorer } from '../verifier/score-answer';
import type { Answer } from './estimate';
import { responseOf, type Sampler } from './sampler';

/** A place of the solver's own batch, answered. */
export interface Solved {
  plan: SolverPlan;
  task: Task;
  answer: Answer;
}

/** The solver's turn on its own batch (AZR Algorithm 1, line 15): one answer to each task. */
export class Solver {
  constructor(
    private readonly format: PromptFormat,
    private readonly scorer: AnswerScorer,
  ) {}

  /** @returns undefined where the task leaves no room for an answer */
  async solve(plan: SolverPlan, task: Task, sampler: Sampler): Promise<Solved | undefined> {
    const prompt = this.format.renderSolver(solverView(task));
    try {
      const rollout = await sampler.sample({ key: `solve/${plan.index}`, prompt, samples: 1, seed: plan.seed });
      const { promptTokenIds, completions } = rollout;
      const [verdict] = await this.scorer.score(task, completions.map(responseOf));
      return { plan, task, answer: { prompt, promptTokenIds, completion: completions[0]!, verdict: verdict! } };
    } catch (error) {
      if (error instanceof PromptTooLong) return undefined;
      throw error;
    }
  }
}
