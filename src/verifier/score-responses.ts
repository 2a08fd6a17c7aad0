import type { Parsed } from '../domain/prompt';
import type { Verdict } from '../domain/task/verdict';
import { incorrect } from './answers/judge-runs';
import { LONGEST_ANSWER } from './bounds';
import { Objection } from './objection';
import { readResponse, type Response } from './read-response';

/**
 * One verdict for each response, in order; answers that are the same text are judged once.
 * @param parse finds the answer in a finished response
 * @param judge gives one verdict for each of different answers, in order
 * @throws what `judge` throws
 */
export async function scoreResponses(
  responses: readonly Response[],
  parse: (text: string) => Parsed<string>,
  judge: (answers: readonly string[]) => Promise<Verdict[]>,
): Promise<Verdict[]> {
  const answers = responses.map((response) => answerOf(response, parse));
  const distinct = [...new Set(answers.filter((answer) => typeof answer === 'string'))];
  const verdicts = await judge(distinct);
  const byAnswer = new Map(distinct.map((answer, i) => [answer, verdicts[i]!]));
  return answers.map((answer) => (typeof answer === 'string' ? byAnswer.get(answer)! : answer));
}

function answerOf(response: Response, parse: (text: string) => Parsed<string>): string | Verdict {
  const answer = readResponse(response, parse);
  if (answer.outcome === 'malformed') return answer;
  if (answer.value.length <= LONGEST_ANSWER) return answer.value;
  return incorrect(new Objection('too_long', `an answer has at most ${LONGEST_ANSWER} characters`));
}
