import { compact } from './compact';
import type { PromptFormat } from './prompt-format';

export const PROMPT_FORMATS = { compact } as const satisfies Record<string, PromptFormat>;
export type PromptFormatName = keyof typeof PROMPT_FORMATS;
export type { Parsed, PromptFormat, SolverView } from './prompt-format';
