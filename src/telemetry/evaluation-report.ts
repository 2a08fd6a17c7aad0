import { shortened } from '../domain/shortened';
import type { BenchmarkSummary, Estimate, SamplingSummary, VerdictCounts } from '../evaluation/evaluation-summary';
import type { RefusedLine } from '../selfplay/task-row';
import { counted, duration, grouped, percent, printable } from './words';

/** What a policy was asked, and what came of it. */
export interface EvaluationReport {
  /** The policy's folder, or the URL of its server. */
  policy: string;
  /** Name under which the server serves it. */
  model: string;
  /** File of the tasks. */
  file: string;
  format: string;
  seed: number;
  /** Questions that were to be put; the benchmarks' tasks are those that were. */
  questions: number;
  /** Lines of the file that hold no task that can be scored. */
  skipped: readonly RefusedLine[];
  /** Each with a greedy sampling, then another one. */
  benchmarks: readonly BenchmarkSummary[];
  seconds: number;
}

/** As one JSON object. Rates are 0 … 1. */
export function evaluationJson({ benchmarks, ...report }: EvaluationReport): object {
  return {
    ...report,
    done: doneOf(benchmarks),
    interval: INTERVAL,
    benchmarks: Object.fromEntries(
      benchmarks.map(({ name, samplings: [greedy, sampled], ...rest }) => [
        name,
        { ...rest, greedy: samplingJson(greedy!), sampled: { ...samplingJson(sampled!), passAt: byCount(sampled!) } },
      ]),
    ),
  };
}

const INTERVAL = '95% Wilson score interval over tasks';

function samplingJson({ passAt, tokens: _, ...rest }: SamplingSummary): object {
  return { ...rest, ...passAt[0] };
}

const byCount = ({ passAt }: SamplingSummary): Record<number, Estimate> =>
  Object.fromEntries(passAt.map((estimate, i) => [i + 1, estimate]));

/** For a person. */
export function evaluationText(report: EvaluationReport): string {
  const { policy, file, format, seed, questions, skipped, benchmarks, seconds } = report;
  const done = doneOf(benchmarks);
  const count = done === questions ? grouped(questions) : `${grouped(done)} of ${grouped(questions)}`;
  return [
    `${policy} on ${file}: ${count} tasks in ${duration(seconds)}; format ${format}, seed ${seed}`,
    ...(skipped.length > 0 ? [`skipped: ${counted(skipped.length, 'line')} of the file`] : []),
    '',
    ...table(benchmarks),
    '',
    `Solved, with a ${INTERVAL}. Reasons, tokens: of the answers at temperature 1.`,
    ...benchmarks.flatMap(noteLines),
    '',
    ...answerLines(benchmarks, 0, 'Greedy answers'),
    ...answerLines(benchmarks, 1, 'Answers at temperature 1'),
  ].join('\n');
}

const doneOf = (benchmarks: readonly BenchmarkSummary[]): number =>
  benchmarks.reduce((sum, { tasks }) => sum + tasks, 0);

function table(benchmarks: readonly BenchmarkSummary[]): string[] {
  const samples = benchmarks[0]?.samplings[1]!.samples ?? 1;
  const counts = shownCounts(samples);
  const header = ['', 'tasks', 'greedy', 'temperature 1', ...counts.map((k) => `pass@${k}`), 'reasons', 'tokens'];
  return aligned([header, ...benchmarks.map((benchmark) => cells(benchmark, counts))]);
}

function cells({ name, tasks, assertsBesideAnswer, samplings }: BenchmarkSummary, counts: readonly number[]): string[] {
  const [greedy, sampled] = samplings as [SamplingSummary, SamplingSummary];
  return [
    assertsBesideAnswer > 0 ? `${name}${MARK}` : name,
    grouped(tasks),
    estimateWords(greedy.passAt[0]!),
    estimateWords(sampled.passAt[0]!),
    ...counts.map((k) => percent(sampled.passAt[k - 1]!.rate)),
    sampled.reasoned === null ? '–' : percent(sampled.reasoned),
    sampled.meanTokens === null ? '–' : sampled.meanTokens.toFixed(1),
  ];
}

/** Of a benchmark some of whose asserts run beside the answer. */
const MARK = '*';

/** 2, 4, 8, … and `most` itself. */
function shownCounts(most: number): number[] {
  const powers = Array.from({ length: 10 }, (_, i) => 2 ** (i + 1)).filter((k) => k < most);
  return most > 1 ? [...powers, most] : [];
}

const estimateWords = ({ rate, low, high }: Estimate): string =>
  `${percent(rate)} (${percent(low)} to ${percent(high)})`;

/** The first column to the left, the others to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
}

/** UTF-16 units of the names of tasks that are shown. */
const SHOWN = 1_000;

const noteLines = ({ name, tasks, tooLong, assertsBesideAnswer }: BenchmarkSummary): string[] => [
  ...(assertsBesideAnswer > 0
    ? [
        `${MARK} ${name}: asserts of ${grouped(assertsBesideAnswer)} of ${grouped(tasks)} tasks ran beside the ` +
          'answer, which can forge what comes of them.',
      ]
    : []),
  ...(tooLong.length > 0
    ? [
        `${name}: ${grouped(tooLong.length)} of ${grouped(tasks)} tasks do not fit the context, and count as wrong: ` +
          printable(shortened(tooLong.join(', '), SHOWN)),
      ]
    : []),
];

function answerLines(benchmarks: readonly BenchmarkSummary[], sampling: number, title: string): string[] {
  const width = Math.max(0, ...benchmarks.map(({ name }) => name.length));
  const lines = benchmarks.map(
    ({ name, samplings }) => `  ${name.padEnd(width)}  ${verdictWords(samplings[sampling]!.verdicts)}`,
  );
  return [title, ...lines];
}

const verdictWords = ({ correct, incorrect, malformed }: VerdictCounts): string =>
  [`${grouped(correct)} correct`, reasonWords('incorrect', incorrect), reasonWords('malformed', malformed)]
    .filter((words) => words !== '')
    .join('; ');

function reasonWords(outcome: string, counts: Record<string, number>): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return '';
  return `${outcome}: ${sorted.map(([reason, count]) => `${grouped(count)} ${reason}`).join(', ')}`;
}
