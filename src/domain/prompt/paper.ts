import type { InductionProposal, Proposal, TaskType, TripletProposal, TripletType } from '../task/task';
import { END_OF_ANSWER, hasBlockTag, parseAnswerBlock, renderAnswerBlock } from './answer-block';
import { type Fence, fitsFence } from './fences';
import { askForInputs, askForProgram, askForTriplet, askToSolve } from './paper-wording';
import {
  malformed,
  type CodingView,
  type Parsed,
  type PromptFormat,
  type ProposerView,
  type SolverView,
} from './prompt-format';

/**
 * The format of AZR (arXiv 2505.03335) for a policy that reads English: a think block, then an answer block of fences
 * tagged `python`, `input`, `output` and `message`. A prompt ends in `<think>`, so a response begins within that block.
 * Fences are found by tag, in any order; of several with one tag the last counts, but for the inputs of an induction
 * proposal, which all count.
 */
export const paper: PromptFormat = {
  name: 'paper',
  stop: [END_OF_ANSWER],

  renderProposer(view: ProposerView): string {
    return conversation(view.type === 'induction' ? askForInputs(view) : askForTriplet(view));
  },

  renderSolver(view: SolverView): string {
    return conversation(askToSolve(view));
  },

  renderCoding(view: CodingView): string {
    return conversation(askForProgram(view));
  },

  renderProposal(proposal: Proposal): string {
    return renderAnswerBlock(proposal.type === 'induction' ? inputFences(proposal) : tripletFences(proposal));
  },

  renderAnswer(type: TaskType, answer: string): string {
    return renderAnswerBlock([{ tag: ANSWER_TAG[type], text: answer }]);
  },

  canShow(text: string): boolean {
    return fitsFence(text) && !hasBlockTag(text);
  },

  parseTriplet(type: TripletType, response: string): Parsed<TripletProposal> {
    const fences = parseAnswerBlock(response);
    if (!fences.ok) return fences;
    const program = lastOf(fences.value, 'python');
    const input = lastOf(fences.value, 'input');
    if (!program.ok) return program;
    if (!input.ok) return input;
    return { ok: true, value: { type, program: program.value, input: input.value } };
  },

  parseInputs(response: string): Parsed<Pick<InductionProposal, 'inputs' | 'message'>> {
    const fences = parseAnswerBlock(response);
    if (!fences.ok) return fences;
    const inputs = fences.value.filter(({ tag }) => tag === 'input').map(({ text }) => text);
    const message = lastOf(fences.value, 'message');
    if (inputs.length === 0) return noFence('input');
    if (!message.ok) return message;
    return { ok: true, value: { inputs, message: message.value } };
  },

  parseAnswer(type: TaskType, response: string): Parsed<string> {
    const fences = parseAnswerBlock(response);
    return fences.ok ? lastOf(fences.value, ANSWER_TAG[type]) : fences;
  },
};

/** Tag of the fence that holds a solver's answer. */
const ANSWER_TAG: Record<TaskType, string> = {
  deduction: 'output',
  abduction: 'input',
  induction: 'python',
  error: 'output',
};

/** One line of conversation, as a model that was only pre-trained can go on with. */
const conversation = (question: string): string =>
  'A user asks an assistant a question. The assistant first thinks it through within <think> </think> tags and then ' +
  'gives the answer within <answer> </answer> tags, and writes nothing outside of them: ' +
  `<think> thoughts </think> <answer> answer </answer>.\nUser: ${question}\nAssistant: <think>`;

const tripletFences = ({ program, input }: TripletProposal): Fence[] => [
  { tag: 'python', text: program },
  { tag: 'input', text: input },
];

const inputFences = ({ inputs, message }: InductionProposal): Fence[] => [
  ...inputs.map((text) => ({ tag: 'input', text })),
  { tag: 'message', text: message },
];

const noFence = (tag: string): Parsed<never> => malformed(`the answer has no fence tagged ${tag}`);

function lastOf(fences: readonly Fence[], tag: string): Parsed<string> {
  const last = fences.findLast((fence) => fence.tag === tag);
  return last ? { ok: true, value: last.text } : noFence(tag);
}
