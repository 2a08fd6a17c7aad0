import { area, curveStepAfter, stack } from 'd3-shape';
import { html, type Html } from '../page/html';
import type { Chart } from './chart';
import { axes, frameOf } from './frame';
import { valuesDrawn } from './smoothing';

/** Layers that add up, the first at the bottom. A layer's step reaches from the step before to its own. */
export function stackChart(chart: Chart): Html {
  const { steps, width, series } = chart;
  const columns = series.map((it) => valuesDrawn(it, chart));
  const layers = stack<unknown, number, number>()
    .keys(series.map((_, i) => i))
    .value((row, layer) => columns[layer]![row] ?? 0)(steps.map((_, row) => row));
  const highest = layers.at(-1)?.reduce((most, [, top]) => Math.max(most, top), 0) ?? 1;
  const { x, y } = frameOf(chart, [0, highest || 1]);
  const shape = area<[start: number, low: number, high: number]>()
    .x(([start]) => x(start))
    .y0(([, low]) => y(low))
    .y1(([, , high]) => y(high))
    .curve(curveStepAfter)
    .digits(1);
  const paths = layers.map((layer, i) => {
    const rows = layer.map(([low, high], row): [number, number, number] => [
      steps[row - 1] ?? Math.max(0, steps[row]! - width),
      ...([low, high] as [number, number]),
    ]);
    const last = rows.at(-1);
    if (last) rows.push([steps.at(-1)!, last[1], last[2]]);
    return html`<path class="${`layer ${series[i]!.tone}`}" d="${shape(rows) ?? ''}" />`;
  });
  return html`${paths}${axes(chart, { x, y })}`;
}
