import { type Fence, fence, takeFences } from './fences';
import { malformed, type Parsed } from './prompt-format';

/** A response ends with it. */
export const END_OF_ANSWER = '</answer>';

const START_OF_ANSWER = '<answer>';
const END_OF_THOUGHTS = '</think>';
const TAG = /<\/?(?:think|answer)>/g;

/** Whether a text holds a tag that opens or closes a think or an answer block. */
export const hasBlockTag = (text: string): boolean => text.search(TAG) >= 0;

/** A finished response to a prompt that ends in `<think>`: no thoughts, and an answer of these fences. */
export const renderAnswerBlock = (fences: readonly Fence[]): string =>
  [END_OF_THOUGHTS, START_OF_ANSWER, ...fences.map(({ tag, text }) => fence(tag, text)), END_OF_ANSWER].join('\n');

/**
 * The fences of a response's answer block, in order. The prompt has opened the think block; it ends at the first
 * `</think>`, whatever stands in it. One answer block follows, with nothing but white space around it. A tag within a
 * fence is text. CRLF equals LF. Takes time linear in the length of the response.
 */
export function parseAnswerBlock(response: string): Parsed<Fence[]> {
  const answer = afterThoughts(response.split('\r\n').join('\n'));
  if (!answer.ok) return answer;
  const { fences, outline, unclosed } = takeFences(answer.value);
  if (unclosed !== undefined) return malformed(`no line of three backticks closes the last fence, \`\`\`${unclosed}`);
  const [, end, another] = outline.match(TAG)!;
  if (end === undefined) return malformed('the answer block is not closed: </answer> is missing');
  if (end !== END_OF_ANSWER) return malformed(`${end} stands in the answer block, outside its fences`);
  if (another === START_OF_ANSWER) return malformed('there is more than one answer block');
  const rest = outline.slice(outline.indexOf(END_OF_ANSWER) + END_OF_ANSWER.length);
  if (rest.trim() !== '') return malformed('text follows </answer>');
  return { ok: true, value: fences };
}

/** What follows the think block, from `<answer>` on. */
function afterThoughts(response: string): Parsed<string> {
  const end = response.indexOf(END_OF_THOUGHTS);
  if (end < 0) return malformed('the think block is not closed: </think> is missing');
  const rest = response.slice(end + END_OF_THOUGHTS.length).trimStart();
  if (rest.startsWith(START_OF_ANSWER)) return { ok: true, value: rest };
  if (rest.includes(START_OF_ANSWER)) return malformed('text stands between </think> and <answer>');
  return malformed('the answer block is missing: <answer> has to follow </think>');
}
