/** A tagged block of lines: what a fence holds, without the lines that open and close it. */
export interface Fence {
  tag: string;
  text: string;
}

/** A text taken apart. */
export interface Fenced {
  /** In order. */
  fences: Fence[];
  /** What stands outside of them, up to a fence that is not closed; of each fence the closing line is left. */
  outline: string;
  /** Tag of a fence that is still open at the end of the text; it is not among `fences`. */
  unclosed: string | undefined;
}

const BACKTICKS = '```';

export const fence = (tag: string, text: string): string => `${BACKTICKS}${tag}\n${text}\n${BACKTICKS}`;

/** Whether a text stays one fence when it is put into one. */
export const fitsFence = (text: string): boolean => !/^```|\r/m.test(text);

/**
 * Takes fences out of a text with LF line ends, in one pass. A fence opens with three backticks at the start of a line
 * and a tag, which may be empty; it closes with three backticks alone on a line. What stands in between is never looked
 * at, so that code may hold anything else.
 */
export function takeFences(text: string): Fenced {
  const fences: Fence[] = [];
  const outline: string[] = [];
  let outside = 0; // where the outline goes on
  let open: { tag: string; from: number } | undefined;
  for (const { 0: line, index } of text.matchAll(FENCE_LINE)) {
    if (open && closes(line)) {
      fences.push({ tag: open.tag, text: text.slice(open.from, index - 1) });
      outside = index;
      open = undefined;
    } else if (!open && opens(line)) {
      outline.push(text.slice(outside, index));
      open = { tag: line.slice(BACKTICKS.length).trim(), from: index + line.length + 1 };
    }
  }
  if (!open) outline.push(text.slice(outside));
  return { fences, outline: outline.join(''), unclosed: open?.tag };
}

/** A line that may open or close a fence. */
const FENCE_LINE = /(?<=^|\n)```[^\n]*/g;

/** With more backticks it is code within a line, and with an angle bracket it is not a fence's tag. */
const opens = (line: string): boolean => /^```[^`<]*$/.test(line);
const closes = (line: string): boolean => line.trimEnd() === BACKTICKS;
