import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAveraged } from '../charts/smoothing';
import { chartsOf } from '../run-charts';
import type { RunReport } from '../run-report';
import { chartCard } from './chart-card';
import { facts } from './facts';
import { headline } from './headline';
import { html, Html, type Content } from './html';
import { samplesSection } from './samples';
import { settingsSection } from './settings';

const asset = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/** The page about a run: one file, which asks nothing of any network. */
export function reportPage(report: RunReport): string {
  const { run, alarms } = report;
  const sections = chartsOf(report);
  return document(
    `Run ${run.id}`,
    html`<header>
        <h1>Run ${run.id}</h1>
        <p>Self-play training of a language model with no data: it proposes tasks about code, and solves them.</p>
        ${facts(report)}
      </header>
      ${alarms.length > 0 && alarmList(alarms)} ${headline(report)}
      <p class="intro">${sections.length === 0 ? 'The run has made no steps yet.' : reading(report)}</p>
      ${sections.map(
        ({ title, intro, charts }) =>
          html`<section>
            <h2>${title}</h2>
            <p class="intro">${intro}</p>
            <div class="charts">${charts.map(chartCard)}</div>
          </section>`,
      )}
      ${samplesSection(report)} ${settingsSection(run.settings)}`,
  );
}

/** How the curves are to be read. */
function reading({ table }: RunReport): string {
  const { steps, width } = table;
  const point = width > 1 ? `Each point is the mean of ${width} steps.` : 'Each point is one step.';
  if (!isAveraged({ steps })) return point;
  const average = 'Thick curves are exponential moving averages with a half-life of a twentieth of the run';
  return `${point} ${average}, thin ones the points. Numbers beside names are the newest of what is drawn thick.`;
}

const alarmList = (alarms: RunReport['alarms']): Html =>
  html`<section class="alarms">
    <h2>Alarms</h2>
    <ul>
      ${alarms.map(({ step, name, message }) => html`<li>Step ${step}, ${name}: ${message}</li>`)}
    </ul>
  </section>`;

/** Nothing styles and nothing runs but what stands in the page by its digest, whatever a text in it says. */
function document(title: string, body: Content): string {
  const [style, script] = [new Inline('style', asset('page.css')), new Inline('script', asset('hover.js'))];
  const policy = [
    "default-src 'none'",
    `style-src ${style.digest}`,
    `script-src ${script.digest}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style.element}
      </head>
      <body>
        <main>${body}</main>
        ${script.element}
      </body>
    </html>`.markup;
}

/** A style or script of ours, and what names it in a content security policy. */
class Inline {
  readonly element: Html;
  readonly digest: string;

  constructor(tag: 'style' | 'script', text: string) {
    // The digest is of every character between the tags.
    this.element = new Html(`<${tag}>${text}</${tag}>`);
    this.digest = `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  }
}
