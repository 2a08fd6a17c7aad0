import { wilsonInterval, type SolveRate } from '../domain/curriculum/solve-rate';
import { ROLES, TASK_TYPES, type Role, type TaskType } from '../domain/task/task';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { RunEvent } from '../selfplay/run-event';
import type { StepOutcome } from '../selfplay/step-record';
import type { AdmittedProgram, EpisodeTally } from './ports';
import { shapeOf, STATEMENT_KINDS } from './statement-kinds';

/** Finite numbers by flat name, such as `reward/proposer/deduction`; what a step did not measure is left out. */
export type Metrics = Readonly<Record<string, number>>;

type Measured = [name: string, value: number | null | undefined];
type StepEvent = Extract<RunEvent, { kind: 'step' }>;

/** What a step measured, what its episodes add up to, and what its programs are made of. */
export const stepMetrics = (
  event: StepEvent,
  tallies: readonly EpisodeTally[],
  programs: readonly AdmittedProgram[],
): Metrics => metricsOf([...outcomeMetrics(event), ...tallies.flatMap(tallyMetrics), ...programMetrics(programs)]);

/** Solve rates on held-out tasks and benchmarks, with their 95% Wilson intervals. */
export function heldOutMetrics({ solveRate, benchmarks, seconds }: EvaluationResult): Metrics {
  const rates = [...Object.entries(solveRate), ...Object.entries(benchmarks)];
  return metricsOf([...rates.flatMap(([name, rate]) => rateMetrics(name, rate)), ['heldOut/seconds', seconds]]);
}

const metricsOf = (measured: readonly Measured[]): Metrics =>
  Object.fromEntries(measured.filter((it): it is [string, number] => Number.isFinite(it[1])));

/** A share of nothing has no value. */
const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** The numbers of a record: of `seconds` and {rollout: 2}, `seconds/rollout`. */
const family = (name: string, values: Readonly<Record<string, unknown>>): Measured[] =>
  Object.entries(values).flatMap(([key, value]): Measured[] =>
    typeof value === 'number' ? [[`${name}/${key}`, value]] : [],
  );

function outcomeMetrics({ outcome, update, bufferSize }: StepEvent): Measured[] {
  const { health, seconds, tokensGenerated } = outcome;
  return [
    ...TASK_TYPES.flatMap((type) => typeMetrics(type, outcome)),
    ...family('rejections', outcome.rejections),
    ...ROLES.flatMap((role) => roleMetrics(role, outcome)),
    ['buffer/size', bufferSize],
    ['buffer/age', health.bufferAge],
    ['programs/newShare', share(health.newPrograms, health.programs)],
    ['programs/new', health.newPrograms],
    ['proposals/repeats', health.repeats],
    ['proposals/toldInComment', health.toldInComment],
    ...family('outputTypes', health.outputTypes),
    ...family('sequences', { generated: outcome.sequencesGenerated, trained: outcome.sequencesTrained }),
    ['tokens/generated', tokensGenerated],
    ['tokens/perSecond', share(tokensGenerated, seconds['rollout'] ?? 0)],
    ...family('seconds', seconds),
    ...family('update', { ...update }),
  ];
}

function typeMetrics(type: TaskType, { tasks, solveRate }: StepOutcome): Measured[] {
  const { proposed, valid, admitted } = tasks[type];
  const { solved, samples } = solveRate[type];
  if (proposed === 0 && samples === 0) return [];
  return [
    [`proposals/proposed/${type}`, proposed],
    [`proposals/valid/${type}`, valid],
    [`proposals/admitted/${type}`, admitted],
    [`proposals/validShare/${type}`, share(valid, proposed)],
    [`solveRate/${type}`, share(solved, samples)],
  ];
}

function roleMetrics(role: Role, { rewards, health }: StepOutcome): Measured[] {
  const { mean, max, cutShare } = health.responseTokens[role];
  return [
    ...family(`reward/${role}`, rewards[role]),
    [`responseTokens/${role}/mean`, mean],
    [`responseTokens/${role}/longest`, max],
    [`responseTokens/${role}/cutShare`, cutShare],
  ];
}

function tallyMetrics({ role, type, ...tally }: EpisodeTally): Measured[] {
  const tokens: Measured = [`responseTokens/${role}/${type}`, share(tally.responseTokens, tally.episodes)];
  return role === 'proposer'
    ? [tokens, [`proposals/learnableShare/${type}`, share(tally.learnable, tally.accepted)]]
    : [tokens, [`reasonedShare/${type}`, share(tally.reasoned, tally.firstSamples)]];
}

/** Means over the programs. */
function programMetrics(programs: readonly AdmittedProgram[]): Measured[] {
  if (programs.length === 0) return [];
  const shapes = programs.map(({ program }) => shapeOf(program));
  const mean = (of: (shape: (typeof shapes)[number]) => number): number =>
    shapes.reduce((sum, shape) => sum + of(shape), 0) / shapes.length;
  return [
    ['programs/statements', mean(({ length }) => length)],
    ...STATEMENT_KINDS.map((kind): Measured => [`statements/${kind}`, mean(({ kinds }) => kinds.get(kind) ?? 0)]),
  ];
}

function rateMetrics(name: string, rate: SolveRate): Measured[] {
  if (rate.samples === 0) return [];
  const { low, high } = wilsonInterval(rate);
  return family(`heldOut/${name}`, { rate: rate.rate, low, high, samples: rate.samples });
}
