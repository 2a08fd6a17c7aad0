import type { PromptFormat, ProposerView } from '../../../domain/prompt';
import { bare } from '../../../domain/prompt/bare';
import type { Proposal } from '../../../domain/task/task';
import type { Validation } from '../../../domain/task/verdict';
import type {
  InductionProposal,
  ModelResponse,
  TripletProposal,
  ValidateItem,
  ValidateResponse,
} from '../../../generated/azr/v1/verifier';
import type { ProgramExecutor } from '../../../verifier/ports';
import { ProposalValidator } from '../../../verifier/proposal-validator';
import { IllegalItem, orIllegal } from './illegal-item';
import { toItemError, toValidation } from './messages';
import { UNREADABLE, type Rules } from './rules';

/** Items are judged each by itself: nobody knows a task yet. */
const UNKNOWN = (): boolean => false;
/** What a proposer was told is no concern of ours. */
const UNTOLD = { references: [], inputs: 0, rules: { banned: [], bannedKeywords: [], timeoutSeconds: 0 } };

/** Validates the items of a request. */
export class ValidateProposals {
  private readonly format: PromptFormat | undefined;
  private readonly validator: ProposalValidator;

  constructor(executor: ProgramExecutor, { settings, format }: Rules) {
    this.format = format;
    this.validator = new ProposalValidator(executor, format ?? bare, settings);
  }

  /** @throws PartUnavailable */
  async respond(item: ValidateItem, index: number): Promise<ValidateResponse> {
    const validation = await orIllegal(() => this.judge(item));
    const result = validation instanceof IllegalItem ? toItemError(validation) : toValidation(validation);
    return { index, result };
  }

  /** @throws IllegalItem */
  private judge({ proposal }: ValidateItem): Promise<Validation> {
    if (!proposal) throw new IllegalItem('proposal', '', 'it is one of deduction, abduction, induction and error');
    if (proposal.$case === 'induction') return this.judgeInduction(proposal.value);
    return this.judgeTriplet(proposal.$case, proposal.value);
  }

  private judgeTriplet(type: 'deduction' | 'abduction' | 'error', proposal: TripletProposal): Promise<Validation> {
    const { program, input, response } = proposal;
    if (!response) return this.validate({ type, program, input });
    requireEmpty(`${type}.program`, program);
    requireEmpty(`${type}.input`, input);
    return this.validateResponse({ type, ...UNTOLD }, response);
  }

  private judgeInduction({ program, inputs, message, response }: InductionProposal): Promise<Validation> {
    if (!response) return this.validate({ type: 'induction', program, inputs, message });
    requireEmpty('induction.inputs', inputs.join('\n'));
    requireEmpty('induction.message', message);
    return this.validateResponse({ type: 'induction', program, ...UNTOLD }, response);
  }

  private validate(proposal: Proposal): Promise<Validation> {
    return this.validator.validate(proposal, UNKNOWN);
  }

  private validateResponse(view: ProposerView, { text, truncated }: ModelResponse): Promise<Validation> {
    if (!this.format) throw new IllegalItem(`${view.type}.response`, text, UNREADABLE);
    return this.validator.validateResponse(view, { text, finished: !truncated }, UNKNOWN);
  }
}

function requireEmpty(field: string, text: string): void {
  if (text !== '') throw new IllegalItem(field, text, 'it is empty where there is a response');
}
