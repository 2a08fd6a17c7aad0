import type { TripletTask } from '../../domain/task/task';
import type { Verdict } from '../../domain/task/verdict';
import { Objection } from '../objection';
import { CORRECT, incorrect, WRONG_VALUE } from './judge-runs';

/** What CPython takes for an identifier. */
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** Error: correct when the answer is the exception's name, to the letter; a base class is another name. */
export function judgeErrorName(task: TripletTask, answer: string): Verdict {
  const name = answer.trim();
  if (!IDENTIFIER.test(name))
    return incorrect(new Objection('bad_answer', 'the answer is not the name of an exception'));
  return name === task.output ? CORRECT : WRONG_VALUE;
}
