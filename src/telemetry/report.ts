import { wilsonInterval, type SolveRate } from '../domain/curriculum/solve-rate';
import { ROLES, type Role, type TaskType } from '../domain/task/task';
import { PURPOSES } from '../selfplay/episode';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { RunSummary } from '../selfplay/run-summary';
import { sampleLines } from './report-samples';
import { counted, duration, grouped, percent, signed } from './words';

/** What a call did, for a person. @param written where a page about the run lies, if it was written */
export function reportText(summary: RunSummary, wallSeconds: number, written?: { page: string }): string {
  const { runId, steps, policyVersion, state } = summary;
  return [
    '',
    `Run ${runId}: ${counted(steps, 'step')} in ${duration(wallSeconds)}, now at policy v${policyVersion} (${state})`,
    ...alarmLines(summary),
    '',
    ...heldOutLines(summary),
    '',
    'Tasks of this call',
    ...summary.types.flatMap((type) => taskLines(type, summary)),
    ...countLine('not valid', summary.rejections),
    '',
    ...sequenceLines(summary),
    '',
    ...healthLines(summary),
    ...summary.samples.flatMap(sampleLines),
    '',
    `Time by part: ${timeWords(summary.seconds)}`,
    '',
    `Checkpoint      ${summary.checkpoint}`,
    `Trained policy  ${summary.exported}`,
    ...(written ? [`Report          ${written.page}`] : []),
    'Go on with the same command; --new begins a new run.',
  ].join('\n');
}

const alarmLines = ({ alarms }: RunSummary): string[] =>
  alarms.length === 0
    ? []
    : ['', 'Alarms', ...alarms.map(({ step, name, message }) => `  step ${step}, ${name}: ${message}`)];

function heldOutLines({ types, heldOut: { temperature, before, between, after } }: RunSummary): string[] {
  if (!before && !after) return ['Held-out tasks were not evaluated'];
  const lines = (name: string, result?: EvaluationResult): string[] =>
    result
      ? ratesOf(result, types).map(([of, rate]) => `  ${name} v${result.policyVersion}  ${of} ${rateWords(rate)}`)
      : [];
  const how = temperature === 0 ? 'greedy' : `temperature ${temperature}`;
  const rates = [
    ...lines('before', before),
    ...between.flatMap((result) => lines('      ', result)),
    ...lines('after ', after),
  ];
  return [
    `Held-out solve rate (${how}, 95% interval)`,
    ...(rates.length > 0 ? rates : ["  no task of the run's types"]),
  ];
}

/** What was sampled, by name. */
const ratesOf = ({ solveRate, benchmarks }: EvaluationResult, types: readonly TaskType[]): [string, SolveRate][] =>
  [...types.map((type): [string, SolveRate] => [type, solveRate[type]]), ...Object.entries(benchmarks)].filter(
    ([, { samples }]) => samples > 0,
  );

function rateWords(rate: SolveRate): string {
  const { low, high } = wilsonInterval(rate);
  return `${percent(rate.rate)} (${percent(low)} to ${percent(high)}, ${rate.samples} samples)`;
}

function taskLines(type: TaskType, { tasks, solveRate, rewards }: RunSummary): string[] {
  const { proposed, valid, admitted, buffer } = tasks[type];
  const { solved, samples, rate } = solveRate[type];
  return [
    `  ${type}: ${proposed} proposed, ${valid} valid, ${admitted} admitted, ${buffer} in the buffer`,
    `    solved ${solved} of ${samples} samples (${percent(rate)}); mean reward ` +
      `${signed(rewards.proposer[type])} proposer, ${signed(rewards.solver[type])} solver`,
  ];
}

function sequenceLines({ types, sequences, purposes, beside, ...counts }: RunSummary): string[] {
  const { sequencesGenerated: generated, sequencesTrained: trained, tokensGenerated } = counts;
  const share = generated === 0 ? '–' : percent(trained / generated);
  const cell = (role: Role, type: TaskType): string =>
    `${type} ${sequences[role][type].trained}/${sequences[role][type].generated}`;
  const purpose = PURPOSES.map((name) => `${grouped(purposes[name])} to ${name}`).join(', ');
  return [
    `Sequences: ${grouped(trained)} trained on of ${grouped(generated)} generated (${share}), ` +
      `${grouped(tokensGenerated)} tokens`,
    ...ROLES.map((role) => `  ${role}: ${types.map((type) => cell(role, type)).join(', ')}`),
    `  asked for: ${purpose}`,
    `  beside the steps: ${grouped(beside.evaluate)} to evaluate, ${grouped(beside.seed)} to seed`,
  ];
}

function healthLines({ health }: RunSummary): string[] {
  const number = (value: number | null, unit: string): string => (value === null ? '–' : `${value.toFixed(2)} ${unit}`);
  const { entropy, bufferAge, responseTokens } = health;
  const { proposer, solver } = responseTokens;
  return [
    'Health of self-play',
    `  ${health.newShare === null ? '–' : percent(health.newShare)} of the proposed programs new, ` +
      `${percent(health.repeatShare)} of the proposals repeats`,
    `  at the end: entropy ${number(entropy, 'nats')}, responses of ${number(proposer, 'tokens')} (proposer) and ` +
      `${number(solver, 'tokens')} (solver), tasks are in the buffer for ${number(bufferAge, 'steps')}`,
    ...(health.toldShare ? [`  ${percent(health.toldShare)} of the valid tasks tell their answer in a comment`] : []),
    ...countLine('outputs', health.outputTypes),
  ];
}

function countLine(name: string, counts: Record<string, number>): string[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.length === 0 ? [] : [`  ${name}: ${sorted.map(([what, count]) => `${count} ${what}`).join(', ')}`];
}

const timeWords = (seconds: Record<string, number>): string =>
  Object.entries(seconds)
    .sort(([, a], [, b]) => b - a)
    .map(([part, spent]) => `${part} ${spent.toFixed(1)} s`)
    .join(', ');
