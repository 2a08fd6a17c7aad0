import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../config/shipped';
import type { RunRecord } from '../../runs/ports';
import type { Jail } from '../../selfplay/run';
import { counted, grouped } from '../../telemetry/words';
import type { RunReport } from '../run-report';
import { html, type Content, type Html } from './html';

/** What each tier's jail is made of; docs/executor.md has the layers. */
const TIERS: Readonly<Record<number, string>> = {
  0: 'inside a sandbox that the operator declared',
  1: 'namespaces, Landlock, seccomp, resource limits',
  2: 'Landlock, seccomp, resource limits; no namespaces',
  3: 'seccomp, resource limits; no namespaces, no Landlock',
};

/** What the run is, in a line of facts. */
export function facts({ run, tokensGenerated }: RunReport): Html {
  const named: [string, Content][] = [
    ['State', stateWords(run)],
    ['Begun', `${run.createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['Steps', grouped(run.step)],
    ['Tokens generated in steps', grouped(tokensGenerated)],
    ['Sandbox', run.jail ? jailWords(run.jail) : 'no program was run yet'],
    ['Report by', `Absolute Zero ${version()}, Node.js ${process.versions.node}`],
  ];
  return html`<dl class="facts">
    ${named.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function stateWords({ state, detail, step }: RunRecord): string {
  if (state === 'running') return `running; this page is as of ${counted(step, 'step')}`;
  return detail === '' ? state : `${state}: ${detail}`;
}

const jailWords = ({ tier, pythonVersion }: Jail): string =>
  `tier ${tier}${TIERS[tier] ? ` (${TIERS[tier]})` : ''}, CPython ${pythonVersion}`;

const version = (): string =>
  (JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }).version;
