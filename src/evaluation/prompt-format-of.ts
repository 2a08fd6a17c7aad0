import { compact } from '../domain/prompt/compact';
import type { PromptFormatName } from '../domain/prompt';
import type { RolloutPool } from '../selfplay/ports';

/** A prompt of the compact format with nothing in it but its tags, `<ded>`, `<in>` and `<think>`. */
const TAGS = compact.renderSolver({ type: 'deduction', program: '', input: '' });
const TAG_COUNT = 3;

/**
 * The format that a policy is made for, as its tokenizer says: one that has a token for each tag of the compact format
 * was made for it.
 * @throws PartUnavailable when no server answers
 */
export async function promptFormatOf(pool: Pick<RolloutPool, 'measure'>): Promise<PromptFormatName> {
  const { tokens } = await pool.measure(TAGS);
  return tokens === TAG_COUNT ? 'compact' : 'paper';
}
