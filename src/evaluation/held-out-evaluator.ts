import type { RunSpec } from '../config/run-spec';
import { solveRate, type SolveRate } from '../domain/curriculum/solve-rate';
import { PROMPT_FORMATS } from '../domain/prompt';
import { byType, TASK_TYPES } from '../domain/task/task';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { Evaluator, RolloutPool } from '../selfplay/ports';
import type { Clock } from '../selfplay/stopwatch';
import type { AnswerScorer } from '../verifier/score-answer';
import type { Benchmark } from './benchmark';
import { evaluate, type Attempt, type Sampling } from './evaluate';
import { summaryOf, type BenchmarkSummary } from './evaluation-summary';
import { taskQuestion } from './question';

export interface EvaluatorPorts {
  pool: RolloutPool;
  scorer: Pick<AnswerScorer, 'score'>;
  /** Seconds. */
  clock: Clock;
  /** Told what a person should know of a result. */
  note: (message: string) => void;
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
    const { temperature, samples } = this.spec.evaluation;
    const sampling = { temperature, samples };
    const summaries = summaryOf(await this.attempts(sampling), [sampling]);
    const unfit = sumOf(summaries, ({ tooLong }) => tooLong.length);
    if (unfit > 0) {
      const tasks = sumOf(summaries, (summary) => summary.tasks);
      this.ports.note(`evaluation: ${unfit} of ${tasks} prompts do not fit the context and count as wrong`);
    }
    return {
      policyVersion,
      ...solveRates(summaries),
      seconds: this.ports.clock() - start,
      sequencesGenerated: sumOf(summaries, ({ samplings: [only] }) => only!.answers),
      tokensGenerated: sumOf(summaries, ({ samplings: [only] }) => only!.tokens),
    };
  }

  private async attempts(sampling: Sampling): Promise<Attempt[]> {
    const { seed, rollout, prompt } = this.spec;
    const format = PROMPT_FORMATS[prompt.format];
    const { pool, scorer } = this.ports;
    const questions = this.benchmarks.flatMap(({ name, tasks }) =>
      tasks.map((task) => taskQuestion(name, task, format, scorer)),
    );
    const { maxTokens, concurrency } = rollout;
    const settings = { seed, samplings: [sampling], maxTokens, concurrency, stop: format.stop };
    const attempts: Attempt[] = [];
    for await (const attempt of evaluate(questions, pool, settings)) attempts.push(attempt);
    return attempts;
  }
}

const sumOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);

function solveRates(summaries: readonly BenchmarkSummary[]): Pick<EvaluationResult, 'solveRate' | 'benchmarks'> {
  const rates = new Map(summaries.map((summary) => [summary.name, rateOf(summary)]));
  const isType = (name: string): boolean => TASK_TYPES.some((type) => type === name);
  return {
    solveRate: byType((type) => rates.get(type) ?? solveRate(0, 0)),
    benchmarks: Object.fromEntries([...rates].filter(([name]) => !isType(name))),
  };
}

const rateOf = ({ tasks, samplings: [only] }: BenchmarkSummary): SolveRate =>
  solveRate(only!.solved, tasks * only!.samples);
