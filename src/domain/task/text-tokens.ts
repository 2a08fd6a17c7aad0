/** Words, and each other character by itself; white space is none. */
export const tokensOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

const QUOTE = /^["'`]$/;

export const withoutQuotes = (tokens: readonly string[]): string[] => tokens.filter((token) => !QUOTE.test(token));
