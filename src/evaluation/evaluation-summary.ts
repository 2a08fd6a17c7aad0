import type { Interval } from '../domain/curriculum/solve-rate';
import { countOf } from '../domain/count';
import { groupBy } from '../domain/group-by';
import type { Verdict } from '../domain/task/verdict';
import type { Attempt, Sampling } from './evaluate';
import { meanInterval, meanOf } from './mean-interval';
import { passAtK } from './pass-at-k';

/** What a policy achieved on the questions of one name. */
export interface BenchmarkSummary {
  name: string;
  /** Questions that have been put, those that are too long included. */
  tasks: number;
  /** Ids of those whose prompt and answer do not fit the context; they count as wrong. */
  tooLong: string[];
  /** How many were scored by asserts of the benchmark that ran beside the answer. */
  assertsBesideAnswer: number;
  /** In the order in which they were asked for. */
  samplings: SamplingSummary[];
}

export interface SamplingSummary extends Sampling {
  /** Right answers, of `tasks` × `samples`. */
  solved: number;
  /** Element k − 1: the share of tasks that one of k answers solves, for k from 1 to `samples`. */
  passAt: Estimate[];
  /** Answers that were given. */
  answers: number;
  /** Share of them that reason; null of none. */
  reasoned: number | null;
  /** Mean tokens of one; null of none. */
  meanTokens: number | null;
  tokens: number;
  /** How many were correct, and the others by reason. */
  verdicts: VerdictCounts;
}

/** A mean over tasks, 0 … 1, with its 95% interval. */
export interface Estimate extends Interval {
  rate: number;
}

export interface VerdictCounts {
  correct: number;
  incorrect: Record<string, number>;
  malformed: Record<string, number>;
}

/**
 * What attempts come to, by benchmark in the order of the questions.
 * @param attempts in any order
 * @param samplings those that they were made with
 */
export function summaryOf(attempts: readonly Attempt[], samplings: readonly Sampling[]): BenchmarkSummary[] {
  const ordered = [...attempts].sort((a, b) => a.index - b.index);
  const groups = groupBy(ordered, ({ question }) => question.benchmark);
  return [...groups].map(([name, ofName]) => ({
    name,
    tasks: ofName.length,
    tooLong: ofName.filter(({ answers }) => !answers).map(({ question }) => question.id),
    assertsBesideAnswer: ofName.filter(({ question }) => question.assertsBesideAnswer).length,
    samplings: samplings.map((sampling, i) => samplingSummary(ofName, sampling, i)),
  }));
}

function samplingSummary(attempts: readonly Attempt[], sampling: Sampling, index: number): SamplingSummary {
  const byTask = attempts.map(({ answers }) => answers?.[index] ?? []);
  const correct = byTask.map((of) => of.filter(({ verdict }) => verdict.outcome === 'correct').length);
  const answers = byTask.flat();
  const ofAny = (value: number): number | null => (answers.length === 0 ? null : value);
  return {
    ...sampling,
    solved: correct.reduce((sum, count) => sum + count, 0),
    passAt: Array.from({ length: sampling.samples }, (_, i) => passEstimate(correct, sampling.samples, i + 1)),
    answers: answers.length,
    reasoned: ofAny(meanOf(answers.map(({ reasons }) => Number(reasons)))),
    meanTokens: ofAny(meanOf(answers.map(({ tokens }) => tokens))),
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0),
    verdicts: verdictCounts(answers.map(({ verdict }) => verdict)),
  };
}

function passEstimate(correct: readonly number[], samples: number, k: number): Estimate {
  const shares = correct.map((count) => passAtK(samples, count, k));
  return { rate: meanOf(shares), ...meanInterval(shares, samples / k) };
}

function verdictCounts(verdicts: readonly Verdict[]): VerdictCounts {
  const reasonsOf = (outcome: Verdict['outcome']): Record<string, number> =>
    countOf(verdicts.flatMap((verdict) => (verdict.outcome === outcome && 'reason' in verdict ? verdict.reason : [])));
  return {
    correct: verdicts.filter(({ outcome }) => outcome === 'correct').length,
    incorrect: reasonsOf('incorrect'),
    malformed: reasonsOf('malformed'),
  };
}
