import type { Chart, Series } from './chart';

/** Half-life of the average, as a share of the points. */
const HALF_LIFE = 1 / 20;
/** Fewer points are shown as they are. */
const LEAST_POINTS = 20;

type Values = readonly (number | undefined)[];

/** What is drawn of a curve or layer: the moving average, where there are points enough and they are noisy. */
export const valuesDrawn = ({ values }: Series, chart: Pick<Chart, 'steps' | 'exact'>): Values =>
  isAveraged(chart) ? smoothed(values) : values;

export const isAveraged = ({ exact, steps }: Pick<Chart, 'steps' | 'exact'>): boolean =>
  !exact && steps.length >= LEAST_POINTS;

/**
 * Exponential moving average, corrected for its start as Adam's moments are (Kingma and Ba 2015, section 3), so that
 * the first value is the first point. Gaps stay gaps.
 * @param values oldest first
 */
export function smoothed(values: Values): (number | undefined)[] {
  const decay = 0.5 ** (1 / Math.max(1, values.length * HALF_LIFE));
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === undefined) return undefined;
    sum = decay * sum + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return sum / weight;
  });
}
