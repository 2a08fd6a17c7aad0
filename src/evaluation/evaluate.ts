import { setMaxListeners } from 'node:events';
import { asCompleted } from '../domain/as-completed';
import { PromptTooLong } from '../domain/errors';
import { hasThoughts } from '../domain/prompt';
import { Random } from '../domain/random/random';
import type { Verdict } from '../domain/task/verdict';
import type { Rollout } from '../selfplay/episode';
import type { RolloutPool, SampleRequest } from '../selfplay/ports';
import type { Question } from './question';

/** How answers are drawn. */
export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  /** Answers to each question. */
  samples: number;
}

export interface EvaluationSettings {
  seed: number;
  samplings: readonly Sampling[];
  /** New tokens of an answer. */
  maxTokens: number;
  stop: readonly string[];
  /** Requests that the pool has in flight at a time. */
  concurrency: number;
}

export interface Answer {
  verdict: Verdict;
  /** Tokens that were generated. */
  tokens: number;
  /** Whether there are thoughts before the answer. */
  reasons: boolean;
}

/** What came of one question. */
export interface Attempt {
  /** Of the question. */
  index: number;
  question: Question;
  /** The answers of each sampling, in order; absent where prompt and answer do not fit the context. */
  answers?: Answer[][];
}

/** Samples of one request: a server's queue is bounded in samples, not in requests. */
const MOST_SAMPLES = 16;

/**
 * Puts questions to a policy and scores what it answers, each as it is done. Sample i of a question is drawn with a
 * seed that follows from the settings' seed, the question's id and i alone.
 * @throws PartUnavailable; what the pool throws of a request that is refused. What is done by then is given before
 */
export async function* evaluate(
  questions: readonly Question[],
  pool: Pick<RolloutPool, 'sample'>,
  settings: EvaluationSettings,
): AsyncGenerator<Attempt, void, undefined> {
  const ended = new AbortController();
  setMaxListeners(0, ended.signal); // as many as there are requests
  const toBegin = function* (): Generator<[number, Question]> {
    for (const entry of questions.entries()) {
      if (ended.signal.aborted) return;
      yield entry;
    }
  };
  const attempts = asCompleted(toBegin(), 2 * settings.concurrency, async ([index, question]) => {
    const ask = (request: SampleRequest) => pool.sample(request, ended.signal);
    try {
      return await attemptAt(index, question, ask, settings);
    } catch (error) {
      ended.abort(error);
      return undefined;
    }
  });
  for await (const attempt of attempts) if (attempt) yield attempt;
  ended.signal.throwIfAborted();
}

type Ask = (request: SampleRequest) => Promise<Pick<Rollout, 'completions'>>;

async function attemptAt(index: number, question: Question, ask: Ask, settings: EvaluationSettings): Promise<Attempt> {
  try {
    const answers = settings.samplings.map((sampling) => answersTo(question, sampling, settings, ask));
    return { index, question, answers: await Promise.all(answers) };
  } catch (error) {
    if (error instanceof PromptTooLong) return { index, question };
    throw error;
  }
}

async function answersTo(
  { id, prompt, judge }: Question,
  { temperature, samples }: Sampling,
  { seed, maxTokens, stop }: EvaluationSettings,
  ask: Ask,
): Promise<Answer[]> {
  const first = new Random(seed, 'evaluation', id).below(2 ** 30);
  const begins = Array.from({ length: Math.ceil(samples / MOST_SAMPLES) }, (_, i) => i * MOST_SAMPLES);
  const rollouts = await Promise.all(
    begins.map((begin) =>
      ask({
        ...{ key: id, prompt, temperature, maxTokens, stop },
        samples: Math.min(MOST_SAMPLES, samples - begin),
        seed: first + begin,
      }),
    ),
  );
  const completions = rollouts.flatMap((rollout) => rollout.completions);
  const verdicts = await judge(completions);
  return completions.map(({ text, tokenIds }, i) => ({
    verdict: verdicts[i]!,
    tokens: tokenIds.length,
    reasons: hasThoughts(text),
  }));
}
