import type { Chart, Series } from '../charts/chart';
import { SIZE } from '../charts/frame';
import { lineChart } from '../charts/line-chart';
import { numberText } from '../charts/number-text';
import { valuesDrawn } from '../charts/smoothing';
import { stackChart } from '../charts/stack-chart';
import { html, type Html } from './html';

/** Digits of the values that are shown when a pointer is over a chart. */
const DIGITS = 4;

/** A chart with its title, what it means, the names of its curves, and its data for the pointer. */
export function chartCard(chart: Chart): Html {
  const { title, meaning, kind, series } = chart;
  return html`<figure class="chart" data-chart="${JSON.stringify(pointerData(chart))}">
    <figcaption>
      <h3>${title}</h3>
      <p>${meaning}</p>
    </figcaption>
    <ul class="legend">
      ${series.map(
        (it) => html`<li class="${it.tone}"><i class="${kind}"></i>${it.label} <b>${newest(it, chart)}</b></li>`,
      )}
    </ul>
    <svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${`${title}: ${summary(chart)}`}">
      ${kind === 'stack' ? stackChart(chart) : lineChart(chart)}
    </svg>
  </figure>`;
}

/** The newest value as it is drawn. */
function newest(series: Series, chart: Chart): string {
  const value = valuesDrawn(series, chart).findLast((it) => it !== undefined);
  return value === undefined ? '' : numberText(value, chart.unit);
}

const summary = (chart: Chart): string =>
  chart.series.map((it) => `${it.label} ${newest(it, chart)} at the end`).join(', ');

/** What hover.js reads. */
function pointerData({ steps, unit, series, lastStep, width: binWidth }: Chart): object {
  const { left, right, top, bottom, width, height } = SIZE;
  const rounded = (value: number | undefined): number | null =>
    value === undefined ? null : Number(value.toPrecision(DIGITS));
  return {
    ...{ steps, unit, lastStep: Math.max(1, lastStep), width: binWidth },
    ...{ plot: { left, right: width - right, top, bottom: height - bottom } },
    series: series.map(({ label, tone, values, low, high }) => ({
      ...{ label, tone, values: values.map(rounded) },
      ...(low && high && { low: low.map(rounded), high: high.map(rounded) }),
    })),
  };
}
