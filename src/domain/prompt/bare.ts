import { paper } from './paper';
import type { PromptFormat } from './prompt-format';

/**
 * Answers with nothing around them, for those who put tasks to their policy and read its responses themselves. It is no
 * format that a run can have: there is nothing to show a policy, and no proposal to be read.
 */
export const bare: PromptFormat = {
  ...paper,
  name: 'bare',
  renderAnswer: (_type, answer) => answer,
  canShow: () => true,
  parseAnswer: (_type, response) => ({ ok: true, value: response }),
};
