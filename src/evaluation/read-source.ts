import { LONGEST_PROGRAM } from '../verifier/bounds';
import { Objection } from '../verifier/objection';
import type { ProgramExecutor, ProgramShape } from '../verifier/ports';

/**
 * What CPython's parser says of a program that compiles; or why it does not.
 * @throws PartUnavailable
 */
export async function readSource(executor: ProgramExecutor, text: string): Promise<ProgramShape | Objection> {
  if (text.length > LONGEST_PROGRAM) {
    return new Objection('too_long', `the text has more than ${LONGEST_PROGRAM} characters`);
  }
  if (/\p{Surrogate}/u.test(text)) return new Objection('syntax_error', 'the text has half of a surrogate pair');
  const shape = await executor.skim(text);
  return shape.syntaxError === '' ? shape : new Objection('syntax_error', shape.syntaxError);
}
