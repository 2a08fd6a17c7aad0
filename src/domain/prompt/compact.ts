import type { InductionProposal, Proposal, TaskType, Triplet, TripletProposal, TripletType } from '../task/task';
import {
  malformed,
  type CodingView,
  type Parsed,
  type PromptFormat,
  type ProposerView,
  type SolverView,
} from './prompt-format';

/**
 * The format of the tiny policy: every tag is one token, and a prompt ends in an open think block.
 *
 * | task type | proposer | its response | solver | its response |
 * | --- | --- | --- | --- | --- |
 * | deduction | `<gen-ded>(<prog>P<in>I<out>O)*<think>` | `…</think>P<in>I` | `<ded>P<in>I<think>` | `…</think>O` |
 * | abduction | `<gen-abd>(<prog>P<in>I<out>O)*<think>` | `…</think>P<in>I` | `<abd>P<out>O<think>` | `…</think>I` |
 * | induction | `<gen-ind><prog>P<think>` | `…</think>I(<in>I)*` | `<ind>(<in>I<out>O)*<think>` | `…</think>P` |
 *
 * Error tasks look like deduction, with `<gen-err>` and `<err>`. The tiny policy's tokenizer has no token for these two
 * and spells them out in bytes; they keep the type usable with another policy.
 *
 * There are no words in this format: no rules for proposers, and no message for those who solve induction tasks. A
 * programming problem is put as it stands, in the place of an induction task's pairs: `<ind>TEXT<think>`.
 */
export const compact: PromptFormat = {
  name: 'compact',
  stop: [],

  renderProposer(view: ProposerView): string {
    const shown = view.type === 'induction' ? `<prog>${view.program}` : view.references.map(showTriplet).join('');
    return `${PROPOSER_TAG[view.type]}${shown}<think>`;
  },

  renderSolver(view: SolverView): string {
    return `${SOLVER_TAG[view.type]}${showTask(view)}<think>`;
  },

  renderCoding(view: CodingView): string {
    const text = view.form === 'completion' ? view.source : `${view.text}\n${view.example}`;
    return `${SOLVER_TAG.induction}${text}<think>`;
  },

  renderProposal(proposal: Proposal): string {
    const parts = proposal.type === 'induction' ? proposal.inputs : [proposal.program, proposal.input];
    return `</think>${parts.join('<in>')}`;
  },

  renderAnswer(_type: TaskType, answer: string): string {
    return `</think>${answer}`;
  },

  canShow(text: string): boolean {
    return !hasTag(text);
  },

  parseTriplet(type: TripletType, response: string): Parsed<TripletProposal> {
    const answer = afterThinking(response);
    if (!answer.ok) return answer;
    const [program, input, ...rest] = answer.value.split('<in>');
    if (input === undefined || rest.length > 0) return malformed('a proposal has exactly one <in> after </think>');
    if (hasTag(program!) || hasTag(input)) return malformed('a proposal has no tag but <in> after </think>');
    return { ok: true, value: { type, program: program!, input } };
  },

  parseInputs(response: string): Parsed<Pick<InductionProposal, 'inputs' | 'message'>> {
    const answer = afterThinking(response);
    if (!answer.ok) return answer;
    const inputs = answer.value.split('<in>');
    if (inputs.some(hasTag)) return malformed('inputs have no tag but <in> after </think>');
    return { ok: true, value: { inputs, message: '' } };
  },

  parseAnswer(_type: TaskType, response: string): Parsed<string> {
    const answer = afterThinking(response);
    if (answer.ok && hasTag(answer.value)) return malformed('an answer has no tag after </think>');
    return answer;
  },
};

const PROPOSER_TAG: Record<TaskType, string> = {
  deduction: '<gen-ded>',
  abduction: '<gen-abd>',
  induction: '<gen-ind>',
  error: '<gen-err>',
};
const SOLVER_TAG: Record<TaskType, string> = {
  deduction: '<ded>',
  abduction: '<abd>',
  induction: '<ind>',
  error: '<err>',
};
const TAG = /<(?:\/?think|prog|in|out|(?:gen-)?(?:ded|abd|ind|err)|\|end\|)>/;

const hasTag = (text: string): boolean => TAG.test(text);
const showTriplet = ({ program, input, output }: Triplet): string => `<prog>${program}<in>${input}<out>${output}`;

function showTask(view: SolverView): string {
  switch (view.type) {
    case 'abduction':
      return `${view.program}<out>${view.output}`;
    case 'induction':
      return view.pairs.map(({ input, output }) => `<in>${input}<out>${output}`).join('');
    default:
      return `${view.program}<in>${view.input}`;
  }
}

/** What follows the one `</think>`; the prompt has opened the block. */
function afterThinking(response: string): Parsed<string> {
  const [, answer, ...rest] = response.split('</think>');
  if (answer === undefined) return malformed('the think block is not closed');
  if (rest.length > 0) return malformed('there is more than one </think>');
  if (answer.trim() === '') return malformed('nothing follows </think>');
  return { ok: true, value: answer };
}
