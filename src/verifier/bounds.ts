/** UTF-16 units of a proposed program; far below what the executor takes. */
export const LONGEST_PROGRAM = 65_536;

/** UTF-16 units of an answer, as it is written and in canonical form; checked before anything is parsed or run. */
export const LONGEST_ANSWER = 65_536;
