import type { RunSpec } from '../config/run-spec';
import { solveRate } from '../domain/curriculum/solve-rate';
import { PROMPT_FORMATS } from '../domain/prompt';
import { Random } from '../domain/random/random';
import { AzrError, messageOf } from '../domain/errors';
import { byType, type Task, type TaskType } from '../domain/task/task';
import { parseValue } from '../domain/value';
import type { TaskRow } from '../selfplay/seed-buffer';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { Evaluator, RolloutPool } from '../selfplay/ports';
import type { Clock } from '../selfplay/stopwatch';
import { scoreResponse } from '../verifier/score-answer';

/** Held-out solve rates are those of the policy itself, whatever temperature a run explores at. */
const TEMPERATURE = 1;

/** Solve rates on tasks that training never sees, scored as training is. */
export class HeldOutEvaluator implements Evaluator {
  private readonly tasks: Task[];

  constructor(
    private readonly spec: RunSpec,
    rows: readonly TaskRow[],
    private readonly pool: RolloutPool,
    private readonly clock: Clock,
  ) {
    const { perType } = spec.evaluation;
    for (const row of rows) requireValue(row);
    this.tasks = spec.tasks.types.flatMap((type) =>
      rows
        .filter((row) => row.type === type)
        .slice(0, perType)
        .map(({ line: _, ...row }, i) => ({ ...row, id: `held-out/${type}/${i}` })),
    );
  }

  async evaluate(policyVersion: number): Promise<EvaluationResult> {
    const start = this.clock();
    const results = await Promise.all(this.tasks.map((task) => this.attempt(task)));
    return {
      policyVersion,
      solveRate: byType((type) => {
        const ofType = results.filter((result) => result.type === type);
        const solved = ofType.reduce((sum, { correct }) => sum + correct, 0);
        return solveRate(solved, ofType.length * this.spec.evaluation.samples);
      }),
      seconds: this.clock() - start,
      sequencesGenerated: this.tasks.length * this.spec.evaluation.samples,
      tokensGenerated: results.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  }

  private async attempt(task: Task): Promise<{ type: TaskType; correct: number; tokens: number }> {
    const format = PROMPT_FORMATS[this.spec.prompt.format];
    const { completions } = await this.pool.sample({
      key: task.id,
      prompt: format.renderSolver(task),
      samples: this.spec.evaluation.samples,
      seed: new Random(this.spec.seed, 'evaluation', task.id).below(2 ** 30),
      temperature: TEMPERATURE,
      maxTokens: this.spec.rollout.maxTokens,
      stop: format.stop,
    });
    const parse = (text: string) => format.parseAnswer(task.type, text);
    const verdicts = completions.map((completion) => scoreResponse(task, completion, parse));
    return {
      type: task.type,
      correct: verdicts.filter(({ outcome }) => outcome === 'correct').length,
      tokens: completions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0),
    };
  }
}

/** @throws AzrError naming the line */
function requireValue({ line, output }: TaskRow): void {
  try {
    parseValue(output);
  } catch (error) {
    throw new AzrError('invalid', `held-out tasks, line ${line}: output is not a value (${messageOf(error)})`);
  }
}
