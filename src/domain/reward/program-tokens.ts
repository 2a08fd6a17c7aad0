const TOKEN = /[\p{L}_][\p{L}\p{N}_]*|\p{N}+|\S/gu;

/** A program's words, numbers and signs, spacing left out. Close to Python's tokens, and the same for any text. */
export const programTokens = (program: string): string[] => program.match(TOKEN) ?? [];
