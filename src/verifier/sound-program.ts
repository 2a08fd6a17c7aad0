import { bannedConstruct } from './ban-policy';
import { LONGEST_PROGRAM } from './bounds';
import { Objection } from './objection';
import type { ProgramAnalysis, ProgramExecutor } from './ports';

/** What is taken out of a program before anything else is done with it; the entry function is named `f` in any case. */
export const STRIPPINGS = {
  none: ({ entryProgram }) => entryProgram,
  comments: ({ withoutComments }) => withoutComments,
  globals: ({ withoutGlobals }) => withoutGlobals,
} as const satisfies Record<string, (analysis: ProgramAnalysis) => string>;
export type Stripping = keyof typeof STRIPPINGS;

/** A program that parses, defines `f` and uses nothing banned. */
export interface SoundProgram {
  /** As it is run and shown. */
  source: string;
  /** Of `source`. */
  analysis: ProgramAnalysis;
}

/**
 * Reads a program without running it. What is stripped or renamed is read once more, so that equal sources have one
 * canonical form, whatever they were made from.
 * @param banned see `bannedConstruct`
 */
export async function soundProgram(
  executor: ProgramExecutor,
  text: string,
  stripping: Stripping = 'none',
  banned: readonly string[] = [],
): Promise<SoundProgram | Objection> {
  if (text.length > LONGEST_PROGRAM)
    return new Objection('too_long', `a program has at most ${LONGEST_PROGRAM} characters`);
  if (/\p{Surrogate}/u.test(text)) return new Objection('syntax_error', 'the text has half of a surrogate pair');
  const analysis = await executor.analyze(text);
  const objection = objectionTo(analysis, banned);
  if (objection) return objection;
  const source = STRIPPINGS[stripping](analysis);
  if (source === text) return { source, analysis };
  const again = await executor.analyze(source);
  return objectionTo(again, banned) ?? { source, analysis: again };
}

function objectionTo(analysis: ProgramAnalysis, banned: readonly string[]): Objection | undefined {
  if (analysis.syntaxError !== '') return new Objection('syntax_error', analysis.syntaxError);
  if (analysis.entryProgram === '') return new Objection('no_entry_function', 'there is no function f');
  const construct = bannedConstruct(analysis, banned);
  return construct === undefined ? undefined : new Objection('banned', construct);
}
