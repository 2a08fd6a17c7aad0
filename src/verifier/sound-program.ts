import { bannedConstruct } from './ban-policy';
import { LONGEST_PROGRAM } from './bounds';
import { Objection } from './objection';
import type { ProgramAnalysis, ProgramShape } from './ports';

/** What is taken out of a program before anything else is done with it; the entry function is named `f` in any case. */
export const STRIPPINGS = {
  none: ({ entryProgram }) => entryProgram,
  comments: ({ withoutComments }) => withoutComments,
  globals: ({ withoutGlobals }) => withoutGlobals,
} as const satisfies Record<string, (analysis: ProgramAnalysis) => string>;
export type Stripping = keyof typeof STRIPPINGS;

/** A program that parses, defines `f` and uses nothing banned. */
export interface SoundProgram<A extends ProgramShape = ProgramAnalysis> {
  /** As it is run and shown. */
  source: string;
  /** Of `source`. */
  analysis: A;
}

const asItIs = ({ entryProgram }: ProgramShape): string => entryProgram;

/**
 * Reads a program without running it. What is stripped or renamed is read once more, so that equal sources have one
 * canonical form, whatever they were made from.
 * @param read the executor's `analyze` or `skim`
 * @param sourceOf what is to be run of what was read
 * @param banned see `bannedConstruct`
 */
export async function soundProgram<A extends ProgramShape>(
  read: (program: string) => Promise<A>,
  text: string,
  sourceOf: (analysis: A) => string = asItIs,
  banned: readonly string[] = [],
): Promise<SoundProgram<A> | Objection> {
  if (text.length > LONGEST_PROGRAM)
    return new Objection('too_long', `a program has at most ${LONGEST_PROGRAM} characters`);
  if (/\p{Surrogate}/u.test(text)) return new Objection('syntax_error', 'the text has half of a surrogate pair');
  const analysis = await read(text);
  const objection = objectionTo(analysis, banned);
  if (objection) return objection;
  const source = sourceOf(analysis);
  if (source === text) return { source, analysis };
  const again = await read(source);
  return objectionTo(again, banned) ?? { source, analysis: again };
}

function objectionTo(analysis: ProgramShape, banned: readonly string[]): Objection | undefined {
  if (analysis.syntaxError !== '') return new Objection('syntax_error', analysis.syntaxError);
  if (analysis.entryProgram === '') return new Objection('no_entry_function', 'there is no function f');
  const construct = bannedConstruct(analysis, banned);
  return construct === undefined ? undefined : new Objection('banned', construct);
}
