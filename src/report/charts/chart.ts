/** How values are written, on an axis and beside a name. */
export type Unit = 'share' | 'number' | 'seconds';

/** Colour of a curve; page.css gives each its colour in light and dark. */
export type Tone = string;

/** One curve or layer of a chart. */
export interface Series {
  label: string;
  tone: Tone;
  /** One for each of the chart's steps; undefined where nothing was measured. */
  values: readonly (number | undefined)[];
  /** Bounds of the values' intervals. */
  low?: readonly (number | undefined)[];
  high?: readonly (number | undefined)[];
}

/** A chart with its data. */
export interface Chart {
  title: string;
  /** What the vertical axis measures, with its unit. */
  axis: string;
  /** A sentence for who sees such a chart for the first time. */
  meaning: string;
  kind: 'lines' | 'stack';
  unit: Unit;
  /** Of the vertical axis; by the values where there is none. `log` needs values above 0. */
  scale?: 'unit interval' | 'from zero' | 'log';
  /** Not noisy, or measured seldom on purpose: drawn as it is, not as a moving average. */
  exact?: boolean;
  steps: readonly number[];
  /** Steps that each point is the mean of. */
  width: number;
  lastStep: number;
  series: readonly Series[];
}

export const measured = ({ values }: Pick<Series, 'values'>): number[] => values.filter((value) => value !== undefined);
