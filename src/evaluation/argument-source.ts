import type { ProgramExecutor } from '../verifier/ports';
import { textLiteral } from './text-literal';

/**
 * Whether a text is what may stand between the parentheses of a call, by CPython's own grammar; nothing is executed.
 * A generator has to have parentheses of its own.
 *
 * The text has to fit a call and a class statement alike, whose parentheses hold the same. One that closes the call
 * early and goes on, such as `1) + g(2`, would need a colon after that parenthesis to fit the class, and no statement
 * that begins with a call goes on with a colon.
 * @throws PartUnavailable
 */
export async function isArgumentSource(executor: ProgramExecutor, text: string): Promise<boolean> {
  // What is sent is UTF-8, which has no half of a surrogate pair.
  if (/\p{Surrogate}/u.test(text)) return false;
  const fits = [callOf('_', text), `class ${callOf('_', text)}: pass`];
  const analyses = await Promise.all(fits.map((source) => executor.skim(source)));
  return analyses.every(({ syntaxError }) => syntaxError === '');
}

/** The line feed ends a comment that the arguments may end in. */
const callOf = (callee: string, argumentSource: string): string => `${callee}(${argumentSource}\n)`;

/**
 * A program whose `f` gives the value of an expression in the scope of `code`. Both are texts within it, so that none
 * of them can be taken for a part of the other; and `code` keeps its own `f`, which may call itself.
 */
export const evaluatorOf = (code: string): string => `scope = {"__name__": __name__}
exec(${textLiteral(code)}, scope)

def f(expression):
    return eval(expression, scope)
`;

/** Inputs of an evaluator; `argumentSource` is one. */
export const valueOfCall = (argumentSource: string): string => textLiteral(callOf('f', argumentSource));
/** Gives the arguments as they are passed: `[(1, 2), {'key': 3}]`. */
export const argumentsOfCall = (argumentSource: string): string =>
  textLiteral(callOf('(lambda *positional, **named: [positional, named])', argumentSource));
