import type { RunSpec } from '../config/run-spec';
import { solveRate, type SolveRate } from '../domain/curriculum/solve-rate';
import { PromptTooLong } from '../domain/errors';
import { PROMPT_FORMATS } from '../domain/prompt';
import { solverView } from '../domain/prompt/solver-view';
import { Random } from '../domain/random/random';
import { byType, TASK_TYPES, type Task } from '../domain/task/task';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { Evaluator, RolloutPool } from '../selfplay/ports';
import type { Clock } from '../selfplay/stopwatch';
import type { AnswerScorer } from '../verifier/score-answer';
import type { Benchmark } from './benchmark';

export interface EvaluatorPorts {
  pool: RolloutPool;
  scorer: Pick<AnswerScorer, 'score'>;
  /** Seconds. */
  clock: Clock;
  /** Told what a person should know of a result. */
  note: (message: string) => void;
}

/** What came of one task; no samples where its prompt does not fit the context. */
interface Attempt {
  samples: number;
  tokens: number;
  correct: number;
}

/** Solve rates on tasks that training never sees, scored as training is: every sample counts. */
export class HeldOutEvaluator implements Evaluator {
  constructor(
    private readonly spec: RunSpec,
    private readonly benchmarks: readonly Benchmark[],
    private readonly ports: EvaluatorPorts,
  ) {}

  async evaluate(policyVersion: number): Promise<EvaluationResult> {
    const start = this.ports.clock();
    const measured = await Promise.all(
      this.benchmarks.map(async ({ name, tasks }) => ({
        name,
        attempts: await Promise.all(tasks.map((task) => this.attempt(task))),
      })),
    );
    const attempts = measured.flatMap((benchmark) => benchmark.attempts);
    const unfit = attempts.filter(({ samples }) => samples === 0).length;
    if (unfit > 0) {
      this.ports.note(`evaluation: ${unfit} of ${attempts.length} prompts do not fit the context and count as wrong`);
    }
    return {
      policyVersion,
      ...this.solveRates(new Map(measured.map(({ name, attempts: of }) => [name, this.rateOf(of)]))),
      seconds: this.ports.clock() - start,
      sequencesGenerated: attempts.reduce((sum, { samples }) => sum + samples, 0),
      tokensGenerated: attempts.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  }

  private async attempt(task: Task): Promise<Attempt> {
    const format = PROMPT_FORMATS[this.spec.prompt.format];
    try {
      const { completions } = await this.ports.pool.sample({
        key: task.id,
        prompt: format.renderSolver(solverView(task)),
        samples: this.spec.evaluation.samples,
        seed: new Random(this.spec.seed, 'evaluation', task.id).below(2 ** 30),
        temperature: this.spec.evaluation.temperature,
        maxTokens: this.spec.rollout.maxTokens,
        stop: format.stop,
      });
      const verdicts = await this.ports.scorer.score(task, completions);
      return {
        samples: completions.length,
        tokens: completions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0),
        correct: verdicts.filter(({ outcome }) => outcome === 'correct').length,
      };
    } catch (error) {
      if (error instanceof PromptTooLong) return { samples: 0, tokens: 0, correct: 0 };
      throw error;
    }
  }

  private rateOf(attempts: readonly Attempt[]): SolveRate {
    const solved = attempts.reduce((sum, { correct }) => sum + correct, 0);
    return solveRate(solved, attempts.length * this.spec.evaluation.samples);
  }

  private solveRates(rates: Map<string, SolveRate>): Pick<EvaluationResult, 'solveRate' | 'benchmarks'> {
    const isType = (name: string): boolean => TASK_TYPES.some((type) => type === name);
    return {
      solveRate: byType((type) => rates.get(type) ?? solveRate(0, 0)),
      benchmarks: Object.fromEntries([...rates].filter(([name]) => !isType(name))),
    };
  }
}
