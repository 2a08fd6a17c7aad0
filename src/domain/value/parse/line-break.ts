const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line ends in LF, CR or CRLF, as CPython reads a source. */
export const isLineBreak = (code: number): boolean => code === LINE_FEED || code === CARRIAGE_RETURN;

/** The offset behind the line break that stands at `start`. */
export function lineBreakEnd(text: string, start: number): number {
  const isCrLf = text.charCodeAt(start) === CARRIAGE_RETURN && text.charCodeAt(start + 1) === LINE_FEED;
  return start + (isCrLf ? 2 : 1);
}
