import { resolve } from 'node:path';
import { requirePolicyFolder } from '../config/policy-folder';
import { clock } from '../control-plane/control-plane';
import { PolicyEvaluation, type EvaluationWatcher } from '../control-plane/policy-evaluation';
import { withPolicy, type ChosenPolicy } from '../control-plane/with-policy';
import { InvalidSettings } from '../domain/errors';
import type { PromptFormatName } from '../domain/prompt';
import { requireTaskFile } from '../evaluation/evaluation-file';
import { evaluationJson, evaluationText, type EvaluationReport } from '../telemetry/evaluation-report';
import { LiveLine } from '../telemetry/live-line';
import { grouped, printable } from '../telemetry/words';
import { evaluationSpec, toldFormat, type EvaluationOptions } from './evaluation-settings';
import { executorElsewhere, type ExecutorOptions } from './executor-options';

export interface EvalOptions extends EvaluationOptions, ExecutorOptions {
  policy?: string;
  server?: string;
  model?: string;
  tasks: string;
  /** Answers to each task at temperature 1. */
  samples: number;
  json: boolean;
}

/**
 * Says how many tasks of a file a policy solves. Where it ends early, what was done is reported before the error.
 * @throws AzrError when the policy, its server, a setting or the file cannot be used, or no task is left
 */
export async function evalPolicy(options: EvalOptions): Promise<void> {
  const start = clock();
  const policy = chosenPolicy(options);
  const format = toldFormat(options);
  const { tasks: file, samples, model } = options;
  requireTaskFile(file);
  const wish = { file, samples, model, format, specFor: (it: PromptFormatName) => evaluationSpec(options, it) };
  const live = new LiveLine(process.stderr);
  const evaluation = new PolicyEvaluation(wish, watcherOf(file, live));
  const { minimumTier } = evaluationSpec(options, format ?? 'compact').executor;
  try {
    live.show('starting …');
    await withPolicy({ policy, executor: executorElsewhere(options), minimumTier }, (parts) => evaluation.run(parts));
  } finally {
    live.clear();
    const report = reportOf(evaluation, { policy: (options.policy ?? options.server)!, file }, clock() - start);
    const toText = options.json ? (it: EvaluationReport) => JSON.stringify(evaluationJson(it)) : evaluationText;
    if (report) process.stdout.write(`${toText(report)}\n`);
  }
}

/** @throws AzrError where not exactly one is named, or the folder is none */
function chosenPolicy({ policy, server }: EvalOptions): ChosenPolicy {
  if ((policy === undefined) === (server === undefined)) {
    const value = policy === undefined ? undefined : `${policy} and ${server}`;
    throw new InvalidSettings([{ path: '--policy', value, legal: 'name either --policy DIR or --server URL' }]);
  }
  if (server !== undefined) return { url: server };
  const dir = resolve(policy!);
  requirePolicyFolder(dir);
  return { dir };
}

const watcherOf = (file: string, live: LiveLine): EvaluationWatcher => ({
  skipped: ({ line, reason }) => live.print(printable(`${file}:${line}: skipped, ${reason}`)),
  attempted: ({ attempts, questions }) =>
    live.show(`${grouped(attempts.length)} of ${grouped(questions.length)} tasks`),
});

/** Undefined where no task was put. */
function reportOf(
  evaluation: PolicyEvaluation,
  named: Pick<EvaluationReport, 'policy' | 'file'>,
  seconds: number,
): EvaluationReport | undefined {
  const { served, questions, skipped, attempts } = evaluation;
  if (!served || attempts.length === 0) return undefined;
  const benchmarks = evaluation.summary();
  return { ...named, ...served, questions: questions.length, skipped, benchmarks, seconds };
}
