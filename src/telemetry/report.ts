import { wilsonInterval } from '../domain/curriculum/solve-rate';
import { TASK_TYPES } from '../domain/task/task';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { TaskSample } from '../selfplay/episode';
import type { RunSummary } from '../selfplay/run-summary';
import { duration, grouped, percent, printable, signed } from './words';

/** Characters shown of a program or a response. */
const SHOWN = 1_000;
/** Answers shown of a sample task, and how many of them are right ones where there are others. */
const ANSWERS = 3;
const RIGHT_ANSWERS = 2;

/** What a call did, for a person. */
export function reportText(summary: RunSummary, wallSeconds: number): string {
  return [
    '',
    `Run ${summary.runId}: ${summary.steps} steps in ${duration(wallSeconds)}, now at policy v${summary.policyVersion}`,
    '',
    'Held-out solve rate (temperature 1, 95% interval)',
    ...heldOutLines(summary.heldOut),
    '',
    'Tasks of this call',
    ...TASK_TYPES.flatMap((type) => {
      const { proposed, valid, admitted, buffer } = summary.tasks[type];
      const rate = summary.solveRate[type];
      return [
        `  ${type}: ${proposed} proposed, ${valid} valid, ${admitted} admitted, ${buffer} in the buffer`,
        `  solved ${rate.solved} of ${rate.samples} samples (${percent(rate.rate)}); mean reward ` +
          `${signed(summary.rewards.proposer[type])} proposer, ${signed(summary.rewards.solver[type])} solver`,
      ];
    }),
    ...rejectionLines(summary.rejections),
    ...summary.samples.flatMap(sampleLines),
    '',
    `Time by part: ${timeWords(summary.seconds)}`,
    `${grouped(summary.sequencesGenerated)} sequences generated, ${grouped(summary.sequencesTrained)} trained on, ` +
      `${grouped(summary.tokensGenerated)} tokens`,
    '',
    `Checkpoint      ${summary.checkpoint}`,
    `Trained policy  ${summary.exported}`,
    'Go on with the same command; --new begins a new run.',
  ].join('\n');
}

function heldOutLines({ before, after }: RunSummary['heldOut']): string[] {
  if (!before && !after) return ['  not evaluated (evaluation.perType is 0)'];
  const line = (name: string, result?: EvaluationResult) =>
    result ? TASK_TYPES.map((type) => `  ${name} v${result.policyVersion}  ${type} ${rateWords(result, type)}`) : [];
  return [...line('before', before), ...line('after ', after)];
}

function rateWords({ solveRate: rates }: EvaluationResult, type: (typeof TASK_TYPES)[number]): string {
  const rate = rates[type];
  const { low, high } = wilsonInterval(rate);
  return `${percent(rate.rate)} (${percent(low)} to ${percent(high)}, ${rate.samples} samples)`;
}

function rejectionLines(rejections: Record<string, number>): string[] {
  const reasons = Object.entries(rejections).sort(([, a], [, b]) => b - a);
  return reasons.length === 0 ? [] : [`  not valid: ${reasons.map(([reason, n]) => `${n} ${reason}`).join(', ')}`];
}

function sampleLines({ type, step, program, input, output, answers, solveRate: rate }: TaskSample): string[] {
  const right = answers.filter(({ correct }) => correct).slice(0, RIGHT_ANSWERS);
  const wrong = answers.filter(({ correct }) => !correct);
  const shown = [...right, ...wrong].slice(0, ANSWERS).map(({ response, correct }) => {
    return `    ${correct ? 'right' : 'wrong'}: ${printable(cut(response)).replaceAll('\n', '\n           ')}`;
  });
  return [
    '',
    `Sample task, ${type}, step ${step}, solved by ${percent(rate)} of ${answers.length} samples`,
    ...printable(cut(program))
      .split('\n')
      .map((line) => `    ${line}`),
    `    f(${printable(input)}) = ${printable(output)}`,
    ...shown,
  ];
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);

const timeWords = (seconds: Record<string, number>): string =>
  Object.entries(seconds)
    .sort(([, a], [, b]) => b - a)
    .map(([part, spent]) => `${part} ${spent.toFixed(1)} s`)
    .join(', ');

/** The same as one JSON object; solve rates are 0 … 1, null where nothing was sampled. */
export function reportJson(summary: RunSummary, wallSeconds: number): object {
  const rates = (result?: EvaluationResult) => byTypeOf((type) => (result ? result.solveRate[type].rate : null));
  const intervals = (result?: EvaluationResult) =>
    byTypeOf((type) => {
      if (!result) return null;
      const { low, high } = wilsonInterval(result.solveRate[type]);
      return [low, high];
    });
  const { before, after } = summary.heldOut;
  return {
    runId: summary.runId,
    steps: summary.steps,
    policyVersion: summary.policyVersion,
    tasks: summary.tasks,
    solveRate: byTypeOf((type) => (summary.solveRate[type].samples === 0 ? null : summary.solveRate[type].rate)),
    rewards: summary.rewards,
    rejections: summary.rejections,
    heldOut: { before: rates(before), after: rates(after) },
    heldOutIntervals: { before: intervals(before), after: intervals(after) },
    sequencesGenerated: summary.sequencesGenerated,
    sequencesTrained: summary.sequencesTrained,
    tokensGenerated: summary.tokensGenerated,
    seconds: summary.seconds,
    wallSeconds,
    checkpoint: summary.checkpoint,
    policy: summary.exported,
  };
}

const byTypeOf = <T>(of: (type: (typeof TASK_TYPES)[number]) => T) =>
  Object.fromEntries(TASK_TYPES.map((type) => [type, of(type)]));
