/** UTF-16 units of a proposed program; far below what the executor takes. */
export const LONGEST_PROGRAM = 65_536;

/** UTF-16 units of an answer: of its text, before it is parsed, and of a canonical input, before it is run. */
export const LONGEST_ANSWER = 65_536;
