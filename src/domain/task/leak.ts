import { matchSymbols, occursRenamed, type MatchSymbol } from './renamed-match';
import type { Pair } from './task';
import { tokensOf, withoutQuotes } from './text-tokens';

/** UTF-16 units of a message. */
export const LONGEST_MESSAGE = 32_768;

/** A function's body is recognised without its `def` line if it has so many tokens; shorter ones may be plain prose. */
const SHORTEST_BODY = 8;

/**
 * What those who solve an induction task are told of what they have to find, or undefined. Texts are compared as
 * tokens, so that spacing does not count. Time is linear in the message, for each pair and program.
 *
 * - the program: the message has the definition of `f`, from its `def` on, or its body where that is long enough; with
 *   names changed consistently, with comments or without, whatever the quotes and parentheses, in escapes or with marks
 *   before its lines. A message need not be a program, so this is not the form that repeats are found by: it finds too
 *   much rather than too little, as a task that is lost to it costs less than one that is given away.
 * - the pairs: every hidden input and every hidden output stands in it, at any place; whatever the quotes.
 *
 * @param programs the program in the forms that count as itself
 * @param hidden pairs that an answer is held against
 * @param inputs that solvers are shown: a text among them may hold the program as a message may
 */
export function findLeak(
  message: string,
  programs: readonly string[],
  hidden: readonly Pair[],
  inputs: readonly string[] = [],
): 'the program' | 'the pairs' | undefined {
  const told = legible([message, ...inputs].join('\n'));
  const asked = programs.map(legible);
  if (READINGS.some((read) => tellsProgram(read(told), asked.map(read)))) return 'the program';
  return message.trim() !== '' && tellsPairs(message, hidden) ? 'the pairs' : undefined;
}

/** In plain letters, without what is not seen, and with line breaks for a backslash and an n. */
const legible = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\\[nt]/g, '\n');

const withoutComments = (text: string): string => text.replace(/#.*/g, '');
const withoutDocstrings = (text: string): string => text.replace(/("""|''')[^]*?\1/g, '');

/** As a quote, a session of an interpreter, a list or a table has them. */
const withoutMarks = (text: string): string => text.replace(/^[ \t]*(?:>>>|\.\.\.|[>|*•-]+|\d+[.:)])/gm, '');

/** How a text is read as code. One that is commented out is told all the same. */
const READINGS = [
  withoutComments,
  (text: string) => text,
  (text: string) => withoutComments(withoutDocstrings(withoutMarks(text))),
];

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

/** What may be written or left out without changing a program, and the quotes of its texts. */
const OPTIONAL = /^["'`();#\\]$/;

function codeSymbols(text: string): MatchSymbol[] {
  const tokens = tokensOf(text).filter((token) => !OPTIONAL.test(token));
  return matchSymbols(tokens, (token, i) => /^[\p{L}_]/u.test(token) && !KEYWORDS.has(token) && tokens[i - 1] !== '.');
}

function tellsPairs(message: string, hidden: readonly Pair[]): boolean {
  const told = tokensOf(message);
  const unquoted = withoutQuotes(told);
  return hidden.every(({ input, output }) =>
    [input, output].every((value) => {
      const tokens = tokensOf(value);
      const bare = withoutQuotes(tokens);
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
