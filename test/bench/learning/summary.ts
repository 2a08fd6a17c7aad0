import { groupBy } from '../../../src/domain/group-by';
import type { Learning, Played } from './benchmark';
import { meanOver, MEASURES, type Figures, type Measure } from './figures';

/** Points that a variant gained, in per cent of the tasks: mean and extremes over its seeds. */
export interface Gain {
  mean: number;
  least: number;
  most: number;
}

export interface VariantSummary {
  variant: string;
  seeds: number;
  /** Mean over types, by measure. */
  gain: Record<Measure, Gain>;
  /** By type, then by measure. */
  gainByType: Record<string, Record<Measure, Gain>>;
  /** On longer programs, by type. */
  gainOnLonger: Record<string, Record<Measure, Gain>>;
  /** Whether in each seed the intervals of the mean before and after lie apart, by measure. */
  apart: Record<Measure, boolean>;
}

export function summariesOf({ before, played }: Learning): VariantSummary[] {
  return [...groupBy(played, ({ variant }) => variant)].map(([variant, runs]) => ({
    variant,
    seeds: runs.length,
    gain: byMeasure((measure) =>
      gainOf(runs, ({ after }) => meanOver(after.heldOut, measure).rate - meanOver(before.heldOut, measure).rate),
    ),
    gainByType: gainsByType(before.heldOut, runs, ({ after }) => after.heldOut),
    gainOnLonger: gainsByType(before.longer, runs, ({ after }) => after.longer),
    apart: byMeasure((measure) =>
      runs.every(({ after }) => meanOver(after.heldOut, measure).low > meanOver(before.heldOut, measure).high),
    ),
  }));
}

function gainsByType(
  before: Figures,
  runs: readonly Played[],
  of: (run: Played) => Figures,
): Record<string, Record<Measure, Gain>> {
  const gains = (type: string): Record<Measure, Gain> =>
    byMeasure((measure) => gainOf(runs, (run) => of(run)[type]![measure].rate - before[type]![measure].rate));
  return Object.fromEntries(Object.keys(before).map((type) => [type, gains(type)]));
}

function gainOf(runs: readonly Played[], of: (run: Played) => number): Gain {
  const points = runs.map((run) => 100 * of(run));
  return {
    mean: points.reduce((sum, one) => sum + one, 0) / points.length,
    least: Math.min(...points),
    most: Math.max(...points),
  };
}

const byMeasure = <T>(of: (measure: Measure) => T): Record<Measure, T> =>
  Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<Measure, T>;
