import type { Proposal, TaskType, Triplet } from '../task/task';
import type { Parsed, PromptFormat, SolverView } from './prompt-format';

/**
 * The format of the tiny policy: every tag is one token, and a prompt ends in an open think block.
 *
 * proposer: `<gen-ded>(<prog>P<in>I<out>O)*<think>` → `…</think>P<in>I`
 * solver:   `<ded>P<in>I<think>` → `…</think>O`
 */
export const compact: PromptFormat = {
  name: 'compact',
  stop: [],

  renderProposer(type: TaskType, references: readonly Triplet[]): string {
    const shown = references.map(({ program, input, output }) => `<prog>${program}<in>${input}<out>${output}`);
    return `${PROPOSER_TAG[type]}${shown.join('')}<think>`;
  },

  renderSolver({ type, program, input }: SolverView): string {
    return `${SOLVER_TAG[type]}${program}<in>${input}<think>`;
  },

  renderAnswer(answer: string): string {
    return `</think>${answer}`;
  },

  canShow(text: string): boolean {
    return !hasTag(text);
  },

  parseProposal(type: TaskType, response: string): Parsed<Proposal> {
    const answer = afterThinking(response);
    if (!answer.ok) return answer;
    const [program, input, ...rest] = answer.value.split('<in>');
    if (input === undefined || rest.length > 0) return malformed('a proposal has exactly one <in> after </think>');
    if (hasTag(program!) || hasTag(input)) return malformed('a proposal has no tag but <in> after </think>');
    return { ok: true, value: { type, program: program!, input } };
  },

  parseAnswer(_type: TaskType, response: string): Parsed<string> {
    const answer = afterThinking(response);
    if (answer.ok && hasTag(answer.value)) return malformed('an answer has no tag after </think>');
    return answer;
  },
};

const PROPOSER_TAG: Record<TaskType, string> = { deduction: '<gen-ded>' };
const SOLVER_TAG: Record<TaskType, string> = { deduction: '<ded>' };
const TAG = /<(?:\/?think|prog|in|out|ded|abd|ind|gen-ded|gen-abd|gen-ind|\|end\|)>/;

const hasTag = (text: string): boolean => TAG.test(text);
const malformed = (detail: string): { ok: false; detail: string } => ({ ok: false, detail });

/** What follows the one `</think>`; the prompt has opened the block. */
function afterThinking(response: string): Parsed<string> {
  const [, answer, ...rest] = response.split('</think>');
  if (answer === undefined) return malformed('the think block is not closed');
  if (rest.length > 0) return malformed('there is more than one </think>');
  if (answer.trim() === '') return malformed('nothing follows </think>');
  return { ok: true, value: answer };
}
