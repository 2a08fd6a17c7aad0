import { compact } from './compact';
import { paper } from './paper';
import type { PromptFormat } from './prompt-format';

export const PROMPT_FORMATS = { compact, paper } as const satisfies Record<string, PromptFormat>;
export type PromptFormatName = keyof typeof PROMPT_FORMATS;
export type { Parsed, PromptFormat, ProposalRules, ProposerView, SolverView } from './prompt-format';
export { solverView } from './solver-view';
