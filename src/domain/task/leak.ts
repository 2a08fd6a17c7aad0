import { matchSymbols, occursRenamed, type MatchSymbol } from './renamed-match';
import type { Pair } from './task';

/** UTF-16 units of a message. */
export const LONGEST_MESSAGE = 32_768;

/** A function's body is recognised without its `def` line if it has so many tokens; shorter ones may be plain prose. */
const SHORTEST_BODY = 8;

/**
 * What the message to those who solve an induction task gives away, or undefined. Texts are compared as tokens, so that
 * spacing does not count. Time is linear in the message, for each pair and program.
 *
 * - the program: the message has the definition of `f`, from its `def` on, or its body where that is long enough; with
 *   names changed consistently, with comments or without, whatever the quotes and parentheses.
 * - the pairs: every hidden input and every hidden output stands in it, at any place; whatever the quotes.
 *
 * @param programs the program in the forms that count as itself
 * @param hidden pairs that an answer is held against
 */
export function findLeak(
  message: string,
  programs: readonly string[],
  hidden: readonly Pair[],
): 'the program' | 'the pairs' | undefined {
  if (message.trim() === '') return undefined;
  if (READINGS.some((read) => tellsProgram(read(message), programs.map(read)))) return 'the program';
  return tellsPairs(message, hidden) ? 'the pairs' : undefined;
}

/** Without comments, and with comments as if they were code: a program that is commented out is told all the same. */
const READINGS = [(text: string) => text.replace(/#.*/g, ''), (text: string) => text];

function tellsProgram(message: string, programs: readonly string[]): boolean {
  const told = codeSymbols(message);
  return programs.some((program) => {
    const definition = entryDefinition(program);
    const body = codeSymbols(bodyOf(definition));
    if (body.length >= SHORTEST_BODY && occursRenamed(body, told)) return true;
    const whole = codeSymbols(definition);
    return whole.length > 0 && occursRenamed(whole, told);
  });
}

/** The lines that define `f` at the left margin; the whole program where none does. */
function entryDefinition(program: string): string {
  const lines = program.split(/\r\n?|\n/);
  const start = lines.findLastIndex((line) => /^(?:async\s+)?def\s+f\b/.test(line));
  if (start < 0) return program;
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s)\]}#]/.test(line));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** What follows the first colon outside all brackets; empty if there is none. */
function bodyOf(definition: string): string {
  let depth = 0;
  for (let i = 0; i < definition.length; i++) {
    const character = definition[i]!;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character === ':' && depth === 0) return definition.slice(i + 1);
  }
  return '';
}

/** Words, and each other character by itself. */
const tokensOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

/** What may be written or left out without changing a program, and the quotes of its texts. */
const OPTIONAL = /^["'`();#\\]$/;
const QUOTE = /^["'`]$/;

function codeSymbols(text: string): MatchSymbol[] {
  const tokens = tokensOf(text).filter((token) => !OPTIONAL.test(token));
  return matchSymbols(tokens, (token, i) => /^[\p{L}_]/u.test(token) && !KEYWORDS.has(token) && tokens[i - 1] !== '.');
}

function tellsPairs(message: string, hidden: readonly Pair[]): boolean {
  const told = tokensOf(message);
  const unquoted = told.filter((token) => !QUOTE.test(token));
  return hidden.every(({ input, output }) =>
    [input, output].every((value) => {
      const tokens = tokensOf(value);
      const bare = tokens.filter((token) => !QUOTE.test(token));
      return bare.length > 0 ? occursRenamed(bare, unquoted) : occursRenamed(tokens, told);
    }),
  );
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
