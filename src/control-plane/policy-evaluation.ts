import { randomUUID } from 'node:crypto';
import type { RunSpec } from '../config/run-spec';
import { AzrError, InvalidSettings } from '../domain/errors';
import { PROMPT_FORMATS, type PromptFormatName } from '../domain/prompt';
import { CodingScorer } from '../evaluation/coding/coding-scorer';
import { evaluate, type Attempt, type Sampling } from '../evaluation/evaluate';
import { evaluationLines, type NamedTask } from '../evaluation/evaluation-file';
import { summaryOf, type BenchmarkSummary } from '../evaluation/evaluation-summary';
import { promptFormatOf } from '../evaluation/prompt-format-of';
import { codingQuestion, taskQuestion, type Question } from '../evaluation/question';
import { ExecutorAdapter } from '../executor/executor-adapter';
import { servedModels } from '../rollout/served-models';
import { ServerPool } from '../rollout/server-pool';
import type { RolloutPool } from '../selfplay/ports';
import type { RefusedLine } from '../selfplay/task-row';
import type { ProgramExecutor } from '../verifier/ports';
import { AnswerScorer } from '../verifier/score-answer';
import type { PolicyParts } from './with-policy';

export interface EvaluationWish {
  /** JSONL file of the tasks. */
  file: string;
  /** Answers to each task at temperature 1, beside a greedy one. */
  samples: number;
  /** Name that the server serves the policy under; the only one that it serves unless told. */
  model?: string;
  /** Format of prompts and answers; the one that the policy's tokenizer is made for unless told. */
  format?: PromptFormatName;
  /** Settings of a run that has this format. */
  specFor(format: PromptFormatName): RunSpec;
}

/** Told of what is done as it is done. */
export interface EvaluationWatcher {
  skipped(line: RefusedLine): void;
  attempted(evaluation: PolicyEvaluation): void;
}

/** A policy that is put to the tasks of a file. Where it ends early, what was done is kept. */
export class PolicyEvaluation {
  /** Absent until the server has said what it serves. */
  served?: { model: string; format: PromptFormatName; seed: number };
  /** All that are to be put; empty until the file is read. */
  questions: readonly Question[] = [];
  readonly skipped: RefusedLine[] = [];
  readonly attempts: Attempt[] = [];
  private readonly samplings: readonly Sampling[];

  constructor(
    private readonly wish: EvaluationWish,
    private readonly watcher: EvaluationWatcher,
  ) {
    this.samplings = [
      { temperature: 0, samples: 1 },
      { temperature: 1, samples: wish.samples },
    ];
  }

  /** @throws AzrError when the server, the executor or the file cannot be used, or no task is left */
  async run({ serverUrl, executor: endpoint }: PolicyParts): Promise<void> {
    const { wish } = this;
    const model = wish.model ?? (await onlyModel(serverUrl));
    const cache = `evaluation-${randomUUID()}`; // nobody says which weights a server has that runs already
    const poolFor = (spec: RunSpec): ServerPool =>
      new ServerPool([{ name: 'of the policy', url: serverUrl }], { ...spec.rollout, model, cache });
    const format = wish.format ?? (await promptFormatOf(poolFor(wish.specFor('compact'))));
    const spec = wish.specFor(format);
    await requireRoom(poolFor(spec), spec);
    this.served = { model, format, seed: spec.seed };
    const executor = new ExecutorAdapter(endpoint.address, endpoint.tls);
    try {
      this.questions = await this.read(executor, spec);
      await this.ask(poolFor(spec), spec);
    } finally {
      executor.close();
    }
  }

  summary(): BenchmarkSummary[] {
    return summaryOf(this.attempts, this.samplings);
  }

  private async read(executor: ProgramExecutor, spec: RunSpec): Promise<Question[]> {
    const toQuestion = questionOf(executor, spec);
    const questions: Question[] = [];
    for await (const line of evaluationLines(this.wish.file, executor)) {
      if (Array.isArray(line)) {
        questions.push(...line.map(toQuestion));
        continue;
      }
      this.skipped.push(line);
      this.watcher.skipped(line);
    }
    if (questions.length > 0) return questions;
    throw new AzrError('invalid', `${this.wish.file}: none of its lines holds a task that can be scored`);
  }

  private async ask(pool: RolloutPool, { seed, rollout, prompt }: RunSpec): Promise<void> {
    const { maxTokens, concurrency } = rollout;
    const { stop } = PROMPT_FORMATS[prompt.format];
    const settings = { seed, samplings: this.samplings, maxTokens, concurrency, stop };
    for await (const attempt of evaluate(this.questions, pool, settings)) {
      this.attempts.push(attempt);
      this.watcher.attempted(this);
    }
    if (this.attempts.some(({ answers }) => answers)) return;
    const remedy = `with ${maxTokens} new tokens; --set rollout.maxTokens=N lowers that`;
    throw new AzrError('invalid', `no task fits the context ${remedy}`);
  }
}

function questionOf(executor: ProgramExecutor, spec: RunSpec): (named: NamedTask) => Question {
  const format = PROMPT_FORMATS[spec.prompt.format];
  const scorer = new AnswerScorer(executor, format, spec);
  const coding = new CodingScorer(executor, format, spec.executor);
  return ({ benchmark, task }) =>
    task.type === 'coding'
      ? codingQuestion(benchmark, task, format, coding)
      : taskQuestion(benchmark, task, format, scorer);
}

/** @throws InvalidSettings where the longest answer leaves no room for a prompt */
async function requireRoom(pool: RolloutPool, { rollout: { maxTokens } }: RunSpec): Promise<void> {
  const { contextTokens } = await pool.measure('.');
  if (maxTokens < contextTokens) return;
  const legal = `the policy's context has ${contextTokens} tokens, for prompt and answer: --set rollout.maxTokens=N`;
  throw new InvalidSettings([{ path: 'rollout.maxTokens', value: maxTokens, legal }]);
}

async function onlyModel(url: string): Promise<string> {
  const models = await servedModels(url);
  if (models.length === 1) return models[0]!;
  const said = models.length === 0 ? 'no model' : `${models.join(', ')}: name one with --model`;
  throw new AzrError('invalid', `the rollout server at ${url} serves ${said}`);
}
