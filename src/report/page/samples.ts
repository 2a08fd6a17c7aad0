import { hiddenPairs, shownPairs, TASK_TYPES, type Pair, type Task, type TaskType } from '../../domain/task/task';
import { counted, percent, signed } from '../../telemetry/words';
import type { ReportSample, ShownEpisode } from '../ports';
import type { RunReport } from '../run-report';
import { html, type Html } from './html';

/** Characters shown of one text. */
const SHOWN = 4_000;
/** Answers shown of a task, and how many of them are right ones where there are others. */
const ANSWERS = 3;
const RIGHT_ANSWERS = 2;
const END_OF_THOUGHTS = '</think>';

/** Tasks that the policy proposed early and late, side by side, with answers. */
export function samplesSection({ early, late }: Pick<RunReport, 'early' | 'late'>): Html | undefined {
  const types = TASK_TYPES.filter((type) => [...early, ...late].some(({ task }) => task.type === type));
  if (types.length === 0) return undefined;
  return html`<section>
    <h2>Tasks and answers, early and late</h2>
    <p class="intro">
      Of each type one that some samples solved and some did not, where there is one. Programs, inputs and responses are
      the policy's; outputs are what the executor found, verdicts the verifier's.
    </p>
    ${types.map((type) => pairOf(type, find(early, type), find(late, type)))}
  </section>`;
}

const find = (samples: readonly ReportSample[], type: TaskType): ReportSample | undefined =>
  samples.find(({ task }) => task.type === type);

const pairOf = (type: TaskType, early?: ReportSample, late?: ReportSample): Html =>
  html`<h3 class="${`type ${type}`}">${type}</h3>
    <div class="pair">${early && sampleCard('Early', early)}${late && sampleCard('Late', late)}</div>`;

function sampleCard(when: string, { step, task, solveRate, proposal, answers }: ReportSample): Html {
  const [first] = answers;
  return html`<article>
    <h4>${when}: step ${step} <span>solved by ${percent(solveRate)} of ${counted(answers.length, 'sample')}</span></h4>
    <pre class="program">${cut(task.program)}</pre>
    ${taskLines(task)}
    <details>
      <summary>How it was proposed (reward ${signed(proposal.reward)})</summary>
      <h5>Prompt</h5>
      <pre>${cut(proposal.prompt)}</pre>
      <h5>Response</h5>
      <pre>${cut(proposal.response)}</pre>
    </details>
    ${
      first &&
      html`<details>
        <summary>What solvers were asked</summary>
        <pre>${cut(first.prompt)}</pre>
      </details>`
    }
    ${chosen(answers).map(answerCard)}
  </article>`;
}

function taskLines(task: Task): Html {
  if (task.type !== 'induction') return html`<p class="calls">${call(task)}</p>`;
  return html`<p class="calls">
      ${shownPairs(task).map((pair) => html`<span>shown ${call(pair)}</span>`)}
      ${hiddenPairs(task).map((pair) => html`<span>hidden ${call(pair)}</span>`)}
    </p>
    ${task.message !== '' && html`<p>Message: ${cut(task.message)}</p>`}`;
}

const call = ({ input, output }: Pair): Html => html`<code>f(${cut(input)}) → ${cut(output)}</code>`;

/** Right ones and wrong ones where there are both, none twice. */
function chosen(answers: readonly ShownEpisode[]): ShownEpisode[] {
  const distinct = [...new Map(answers.map((answer) => [answer.response, answer])).values()];
  const right = distinct.filter(({ outcome }) => outcome === 'correct').slice(0, RIGHT_ANSWERS);
  const wrong = distinct.filter(({ outcome }) => outcome !== 'correct');
  return [...right, ...wrong].slice(0, ANSWERS);
}

function answerCard({ response, outcome, reason, detail, reward }: ShownEpisode): Html {
  const end = response.indexOf(END_OF_THOUGHTS);
  const thoughts = end < 0 ? response : response.slice(0, end);
  const why = reason && `: ${reason.replaceAll('_', ' ')}${detail ? ` (${cut(detail)})` : ''}`;
  return html`<div class="answer ${outcome}">
    <p><b>${outcome === 'correct' ? '✓' : '✗'} ${outcome}</b>${why} <span>reward ${signed(reward)}</span></p>
    ${
      thoughts.trim() === ''
        ? html`<p class="none">answers at once</p>`
        : html`<h5>Reasoning</h5>
            <pre class="thoughts">${cut(thoughts)}</pre>`
    }
    ${
      end >= 0 &&
      html`<h5>Answer</h5>
        <pre>${cut(response.slice(end + END_OF_THOUGHTS.length).trim())}</pre>`
    }
  </div>`;
}

function cut(text: string): string {
  const left = text.length - SHOWN;
  return left > 0 ? `${text.slice(0, SHOWN)} … (${left.toLocaleString('en-US')} more characters)` : text;
}
