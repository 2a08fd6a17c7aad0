import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import { html, type Html } from '../page/html';
import type { Chart } from './chart';
import { numberText } from './number-text';

/** Of the drawing, in its own units, which are pixels where a chart has its usual width. */
export const SIZE = { width: 440, height: 220, left: 52, right: 18, top: 22, bottom: 34 };

export interface Frame {
  x: ScaleContinuousNumeric<number, number>;
  y: ScaleContinuousNumeric<number, number>;
}

const X_TICKS = 6;
const Y_TICKS = 4;

/** Scales of a chart whose values lie within `extent`. */
export function frameOf({ lastStep, scale }: Chart, extent: readonly [number, number]): Frame {
  const { width, height, left, right, top, bottom } = SIZE;
  const x = scaleLinear()
    .domain([0, Math.max(1, lastStep)])
    .range([left, width - right]);
  const y = scale === 'log' ? scaleLog() : scaleLinear();
  y.domain(domainOf(scale, extent)).range([height - bottom, top]);
  if (scale !== 'unit interval') y.nice(Y_TICKS);
  return { x, y };
}

function domainOf(scale: Chart['scale'], [low, high]: readonly [number, number]): [number, number] {
  if (scale === 'unit interval') return [0, 1];
  if (scale === 'log') return low === high ? [low / 2, high * 2] : [low, high];
  const from = scale === 'from zero' ? Math.min(0, low) : low;
  return from === high ? [from - (scale === 'from zero' ? 0 : 0.5), high + 0.5] : [from, high];
}

/** Axes with their ticks and names, behind the curves. */
export function axes({ axis, unit, scale }: Chart, { x, y }: Frame): Html {
  const { width, height, left, right, bottom } = SIZE;
  const yTicks = scale === 'log' ? decades(y) : y.ticks(Y_TICKS);
  const xTicks = x.ticks(X_TICKS).filter(Number.isInteger);
  const grid = yTicks.map((tick) => {
    const [at, kind] = [rounded(y(tick)), tick === 0 ? 'zero' : 'grid'];
    return html`<line class="${kind}" x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" />
      <text class="y" x="${left - 6}" y="${at}">${numberText(tick, unit)}</text>`;
  });
  return html`<g class="axes">
    ${grid}
    <line class="base" x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}" />
    ${xTicks.map((tick) => html`<text class="x" x="${rounded(x(tick))}" y="${height - bottom + 14}">${tick}</text>`)}
    <text class="name" x="0" y="10">${axis}</text>
    <text class="x name" x="${(left + width - right) / 2}" y="${height - 4}">step</text>
  </g>`;
}

/** A coordinate, to a tenth of a unit. */
export const rounded = (value: number): number => Math.round(10 * value) / 10;

/** Whole powers of ten, few enough to be read. */
function decades(y: Frame['y']): number[] {
  const [low, high] = y.domain() as [number, number];
  const exponents: number[] = [];
  for (let e = Math.ceil(Math.log10(low) - 1e-9); e <= Math.log10(high) + 1e-9; e++) exponents.push(e);
  const every = Math.ceil(exponents.length / (Y_TICKS + 1));
  return exponents.filter((_, i) => i % every === 0).map((exponent) => 10 ** exponent);
}
