import type { Parsed } from '../domain/prompt';
import type { Reason } from '../domain/task/verdict';

/** Text that a policy generated, and how it ended. */
export interface Response {
  text: string;
  /** Whether the policy ended it itself; a response cut at a token limit is not an answer. */
  finished: boolean;
}

/** What becomes of a response that says nothing, in either role. */
export interface Malformed {
  outcome: 'malformed';
  reason: Reason;
  detail: string;
}

/** What a response says; one rule for proposals and answers. */
export function readResponse<T>(
  { text, finished }: Response,
  parse: (text: string) => Parsed<T>,
): { outcome: 'read'; value: T } | Malformed {
  if (!finished) return { outcome: 'malformed', reason: 'truncated', detail: 'cut at the token limit' };
  const parsed = parse(text);
  if (parsed.ok) return { outcome: 'read', value: parsed.value };
  return { outcome: 'malformed', reason: 'malformed', detail: parsed.detail };
}
