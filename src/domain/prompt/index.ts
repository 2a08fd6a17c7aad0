import { compact } from './compact';
import { paper } from './paper';
import type { PromptFormat } from './prompt-format';

export const PROMPT_FORMATS = { compact, paper } as const satisfies Record<string, PromptFormat>;
export type PromptFormatName = keyof typeof PROMPT_FORMATS;
export type { CodingView, Parsed, PromptFormat, ProposalRules, ProposerView, SolverView } from './prompt-format';
export { solverView } from './solver-view';
export { hasThoughts } from './thoughts';
