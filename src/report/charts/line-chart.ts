import { area, line } from 'd3-shape';
import { html, type Html } from '../page/html';
import { measured, type Chart, type Series } from './chart';
import { axes, frameOf, rounded, type Frame } from './frame';
import { isAveraged, valuesDrawn } from './smoothing';

/** More points than this are told by their line alone. */
const MOST_DOTS = 40;
/** More intervals than this are drawn as a band. */
const MOST_WHISKERS = 15;
/** Points with intervals stand beside those of the other curves, not upon them. */
const OFFSET = 3;

type Point = [step: number, value: number | undefined];
type Scales = Record<keyof Frame, (value: number) => number>;

/** Curves over the steps. Of many points their moving average is drawn, and the points behind it. */
export function lineChart(chart: Chart): Html {
  const frame = frameOf(chart, extentOf(chart.series));
  const drawn = chart.series.map((series, i) => {
    const offset = series.low ? (i - (chart.series.length - 1) / 2) * OFFSET : 0;
    const shifted = { x: (step: number): number => frame.x(step) + offset, y: frame.y };
    return [intervals(series, chart.steps, shifted), curve(series, chart, shifted)];
  });
  return html`${axes(chart, frame)}${drawn}`;
}

function extentOf(series: readonly Series[]): [number, number] {
  const all = series.flatMap((it) => [
    ...measured(it),
    ...measured({ values: it.low ?? [] }),
    ...measured({ values: it.high ?? [] }),
  ]);
  return all.length === 0
    ? [0, 1]
    : all.reduce(([low, high], it) => [Math.min(low, it), Math.max(high, it)], [all[0]!, all[0]!]);
}

function curve(series: Series, chart: Chart, { x, y }: Scales): Html {
  const path = line<Point>()
    .x(([step]) => x(step))
    .y(([, value]) => y(value!))
    .defined(([, value]) => value !== undefined)
    .digits(1);
  const points = (values: Series['values']): Point[] => chart.steps.map((step, i) => [step, values[i]]);
  const own = points(series.values);
  const dots = isAveraged(chart) || own.length > MOST_DOTS ? [] : own;
  return html`<g class="${`curve ${series.tone}`}">
    ${isAveraged(chart) && html`<path class="raw" d="${path(own) ?? ''}" />`}
    <path d="${path(points(valuesDrawn(series, chart))) ?? ''}" />
    ${dots.map(([step, value]) => value !== undefined && dot(x(step), y(value)))}
  </g>`;
}

const dot = (x: number, y: number): Html => html`<circle cx="${rounded(x)}" cy="${rounded(y)}" r="2.5" />`;

function intervals({ tone, low, high }: Series, steps: readonly number[], { x, y }: Scales): Html | undefined {
  if (!low || !high) return undefined;
  const bounded = steps.flatMap((step, i) => (low[i] === undefined ? [] : [[step, low[i]!, high[i]!] as const]));
  if (bounded.length > MOST_WHISKERS) {
    const band = area<(typeof bounded)[number]>()
      .x(([step]) => x(step))
      .y0(([, bound]) => y(bound))
      .y1(([, , bound]) => y(bound))
      .digits(1);
    return html`<path class="${`band ${tone}`}" d="${band(bounded) ?? ''}" />`;
  }
  return html`<g class="${`whiskers ${tone}`}">
    ${bounded.map(([step, from, to]) => {
      const at = rounded(x(step));
      return html`<line x1="${at}" x2="${at}" y1="${rounded(y(from))}" y2="${rounded(y(to))}" />`;
    })}
  </g>`;
}
