import { counted, percent } from '../../telemetry/words';
import type { RunReport } from '../run-report';
import { heldOutNames, heldOutTone } from '../run-charts';
import { html, type Html } from './html';

/** A solve rate with its 95% interval, all 0 … 1. */
interface Rate {
  rate: number;
  low: number;
  high: number;
  samples: number;
}

interface Change {
  name: string;
  tone: string;
  before: Rate;
  after?: Rate;
}

const TICKS = [0, 25, 50, 75, 100];

/** What became of the held-out solve rates between the first evaluation and the last. */
export function headline({ evaluations, run }: RunReport): Html {
  const [first, last] = [evaluations[0], evaluations.at(-1)];
  if (!first || !last) {
    return html`<section class="headline">
      <h2>Held-out tasks were not evaluated</h2>
      <p>Without them nothing here says whether the policy became better.</p>
    </section>`;
  }
  const changes = heldOutNames(evaluations).flatMap((name, i): Change[] => {
    const [before, after] = [rateOf(name, first.metrics), rateOf(name, last.metrics)];
    const tone = heldOutTone(name, i);
    if (before && after && first !== last) return [{ name, tone, before, after }];
    const only = before ?? after;
    return only ? [{ name, tone, before: only }] : [];
  });
  const when = first === last ? `evaluated once, at step ${first.step}` : `step ${first.step} to step ${last.step}`;
  return html`<section class="headline">
    <h2>Held-out solve rate, ${when}</h2>
    <p class="sentence">${sentence(changes, run.settings)}</p>
    ${first !== last && html`<p class="key"><i></i>before <i class="full"></i>after</p>`}
    <div class="changes">
      ${changes.map(changeRow)}
      <div class="change ticks" aria-hidden="true">
        <span></span>
        <svg>${TICKS.map((tick) => html`<text x="${tick}%" y="12">${tick}%</text>`)}</svg>
        <span></span>
      </div>
    </div>
  </section>`;
}

function rateOf(name: string, metrics: Readonly<Record<string, number>>): Rate | undefined {
  const [rate, low, high, samples] = ['rate', 'low', 'high', 'samples'].map(
    (part) => metrics[`heldOut/${name}/${part}`],
  );
  return rate === undefined ? undefined : { rate, low: low!, high: high!, samples: samples! };
}

function sentence(changes: readonly Change[], settings: Record<string, unknown>): string {
  const temperature = (settings['evaluation'] as { temperature?: number } | undefined)?.temperature;
  const how = temperature === 0 ? 'Greedy decoding' : `Sampled at temperature ${temperature ?? '?'}`;
  const clear = changes.filter(({ before, after }) => after && (after.low > before.high || after.high < before.low));
  const compared = changes.filter(({ after }) => after);
  const moved = `${clear.length} of ${counted(compared.length, 'rate')} moved so far`;
  const verdict = compared.length === 0 ? '' : ` ${moved} that the intervals before and after do not overlap.`;
  return `${how}; bars are 95% Wilson intervals.${verdict}`;
}

const changeRow = ({ name, tone, before, after }: Change): Html =>
  html`<div class="change ${tone}">
    <span class="what">${name}</span>
    <svg role="img" aria-label="${`${name}: ${words(before)}${after ? `, then ${words(after)}` : ''}`}">
      ${TICKS.map((tick) => html`<line class="grid" x1="${tick}%" x2="${tick}%" y1="0" y2="100%" />`)}
      ${after && html`<line class="move" x1="${at(before.rate)}" x2="${at(after.rate)}" y1="50%" y2="50%" />`}
      ${mark('before', before, after ? '35%' : '50%')}${after && mark('after', after, '65%')}
    </svg>
    <span class="numbers">
      ${
        after
          ? html`<b>${percent(before.rate)} → ${percent(after.rate)}</b> <em>${points(after.rate - before.rate)}</em>
              <small>${interval(before)} → ${interval(after)}, ${counted(after.samples, 'sample')}</small>`
          : html`<b>${percent(before.rate)}</b>
              <small>${interval(before)}, ${counted(before.samples, 'sample')}</small>`
      }
    </span>
  </div>`;

const mark = (kind: string, { rate, low, high }: Rate, y: string): Html =>
  html`<g class="${kind}">
    <line x1="${at(low)}" x2="${at(high)}" y1="${y}" y2="${y}" />
    <circle cx="${at(rate)}" cy="${y}" r="5" />
  </g>`;

const at = (share: number): string => `${(100 * share).toFixed(2)}%`;
const interval = ({ low, high }: Rate): string => `${(100 * low).toFixed(1)}–${percent(high)}`;
const words = (rate: Rate): string => `${percent(rate.rate)} (${interval(rate)})`;

function points(change: number): string {
  const size = Math.abs(100 * change).toFixed(1);
  const sign = change < 0 ? '−' : '+';
  return `${size === '0.0' ? '±' : sign}${size} points`;
}
