import { TASK_TYPES } from '../domain/task/task';
import { CATALOGUE, type ChartSpec, type Curve, type SectionSpec } from './catalogue';
import type { Chart, Series } from './charts/chart';
import type { MetricTable } from './metric-table';
import type { Evaluation, RunReport } from './run-report';

/** More layers than this are told apart with difficulty. */
const LAYERS = 7;

export interface Section extends Omit<SectionSpec, 'charts'> {
  charts: Chart[];
}

type Shown = Pick<RunReport, 'table' | 'evaluations'>;

/** The catalogue with a run's data. Charts and curves of which nothing was measured are left out. */
export const chartsOf = (shown: Shown): Section[] =>
  CATALOGUE.map(({ charts, ...section }) => ({
    ...section,
    charts: charts.map((spec) => chartOf(spec, shown)).filter(({ series }) => series.length > 0),
  })).filter(({ charts }) => charts.length > 0);

function chartOf({ shows, unlessZero, ...spec }: ChartSpec, { table, evaluations }: Shown): Chart {
  const { steps, width, lastStep } = table;
  const chart = { ...spec, kind: 'lines' as const, steps, width, lastStep };
  if (shows === 'held-out') {
    return { ...chart, steps: evaluations.map(({ step }) => step), width: 1, series: heldOut(evaluations) };
  }
  if ('family' in shows) return { ...chart, kind: 'stack', series: layers(shows.family, table) };
  const series = curves(shows.curves, spec.scale, table);
  return { ...chart, series: unlessZero && series.every(({ values }) => !values.some(Boolean)) ? [] : series };
}

function curves(wanted: readonly Curve[], scale: Chart['scale'], table: MetricTable): Series[] {
  const all = wanted.map(({ metric, ...curve }) => ({ ...curve, values: table.column(metric) }));
  const drawn = scale === 'log' ? all.map((it) => ({ ...it, values: it.values.map(above0) })) : all;
  return drawn.filter(({ values }) => values.some((value) => value !== undefined));
}

/** A logarithm has no place for 0. */
const above0 = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

/** One layer for each metric of a family, the largest at the bottom; the smallest are added up. */
function layers(family: string, table: MetricTable): Series[] {
  const members = table.members(family);
  const own = members.length > LAYERS ? members.slice(0, LAYERS - 1) : members;
  const rest = members.slice(own.length).map((member) => table.memberColumn(family, member));
  const shown = own.map((member, i) => ({
    ...{ label: member.replaceAll('_', ' '), tone: `layer-${i + 1}` },
    values: table.memberColumn(family, member),
  }));
  if (rest.length === 0) return shown;
  const values = table.steps.map((_, row) => rest.reduce((sum, column) => sum + column[row]!, 0));
  return [...shown, { label: `${rest.length} others`, tone: 'layer-rest', values }];
}

function heldOut(evaluations: readonly Evaluation[]): Series[] {
  const column = (name: string, part: string): (number | undefined)[] =>
    evaluations.map(({ metrics }) => metrics[`heldOut/${name}/${part}`]);
  return heldOutNames(evaluations).map((name, i) => ({
    ...{ label: name, tone: heldOutTone(name, i), values: column(name, 'rate') },
    ...{ low: column(name, 'low'), high: column(name, 'high') },
  }));
}

/** Types and benchmarks that were evaluated, in the order of their first evaluation. */
export const heldOutNames = (evaluations: readonly Evaluation[]): string[] => [
  ...new Set(
    evaluations.flatMap(({ metrics }) =>
      Object.keys(metrics)
        .filter((name) => name.endsWith('/rate'))
        .map((name) => name.split('/')[1]!),
    ),
  ),
];

/** Types have colours of their own; benchmarks those of layers. */
export const heldOutTone = (name: string, index: number): string =>
  (TASK_TYPES as readonly string[]).includes(name) ? name : `layer-${index + 1}`;
