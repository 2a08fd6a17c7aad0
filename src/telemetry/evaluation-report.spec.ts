import type { BenchmarkSummary, SamplingSummary } from '../evaluation/evaluation-summary';
import { evaluationJson, evaluationText, type EvaluationReport } from './evaluation-report';

const sampling = (samples: number, rest: Partial<SamplingSummary> = {}): SamplingSummary => ({
  ...{
    temperature: samples === 1 ? 0 : 1,
    samples,
    solved: 1,
    answers: 4,
    reasoned: 0.25,
    meanTokens: 12.34,
    tokens: 49,
  },
  passAt: Array.from({ length: samples }, (_, i) => ({ rate: (i + 1) / 10, low: 0.05, high: 0.5 })),
  verdicts: { correct: 1_234, incorrect: { wrong_value: 2, exception: 7 }, malformed: { truncated: 1 } },
  ...rest,
});

const benchmark = (name: string, rest: Partial<BenchmarkSummary> = {}): BenchmarkSummary => ({
  ...{ name, tasks: 4, tooLong: [], assertsBesideAnswer: 0 },
  samplings: [sampling(1), sampling(5)],
  ...rest,
});

const REPORT: EvaluationReport = {
  ...{ policy: '/p', model: 'policy', file: '/t.jsonl', format: 'compact', seed: 3, questions: 9, seconds: 65 },
  skipped: [{ line: 2, reason: 'not JSON' }],
  benchmarks: [
    benchmark('deduction', { tooLong: ['deduction/line-1', 'deduction/line-7\u001b'] }),
    benchmark('mbpp', {
      assertsBesideAnswer: 2,
      samplings: [
        sampling(1, { verdicts: { correct: 0, incorrect: {}, malformed: {} }, reasoned: null, meanTokens: null }),
        sampling(5, { reasoned: null, meanTokens: null }),
      ],
    }),
  ],
};

describe('the report of an evaluation', () => {
  it('is a table by name, with marks and names for what a person has to know', () => {
    expect(evaluationText(REPORT).split('\n')).toEqual([
      '/p on /t.jsonl: 8 of 9 tasks in 1:05; format compact, seed 3',
      'skipped: 1 line of the file',
      '',
      '           tasks                 greedy          temperature 1  pass@2  pass@4  pass@5  reasons  tokens',
      'deduction      4  10.0% (5.0% to 50.0%)  10.0% (5.0% to 50.0%)   20.0%   40.0%   50.0%    25.0%    12.3',
      'mbpp*          4  10.0% (5.0% to 50.0%)  10.0% (5.0% to 50.0%)   20.0%   40.0%   50.0%        –       –',
      '',
      'Solved, with a 95% Wilson score interval over tasks. Reasons, tokens: of the answers at temperature 1.',
      'deduction: 2 of 4 tasks do not fit the context, and count as wrong: deduction/line-1, deduction/line-7\\u001b',
      '* mbpp: asserts of 2 of 4 tasks ran beside the answer, which can forge what comes of them.',
      '',
      'Greedy answers',
      '  deduction  1,234 correct; incorrect: 7 exception, 2 wrong_value; malformed: 1 truncated',
      '  mbpp       0 correct',
      'Answers at temperature 1',
      '  deduction  1,234 correct; incorrect: 7 exception, 2 wrong_value; malformed: 1 truncated',
      '  mbpp       1,234 correct; incorrect: 7 exception, 2 wrong_value; malformed: 1 truncated',
    ]);
  });

  it('is JSON with every k and every name', () => {
    expect(evaluationJson(REPORT)).toMatchObject({
      ...{ policy: '/p', file: '/t.jsonl', questions: 9, done: 8, skipped: [{ line: 2, reason: 'not JSON' }] },
      benchmarks: {
        deduction: {
          tooLong: ['deduction/line-1', 'deduction/line-7\u001b'],
          greedy: { temperature: 0, samples: 1, rate: 0.1, low: 0.05, high: 0.5 },
          sampled: { samples: 5, rate: 0.1, passAt: { 1: { rate: 0.1 }, 3: { rate: 0.3 }, 5: { rate: 0.5 } } },
        },
        mbpp: { assertsBesideAnswer: 2, sampled: { reasoned: null } },
      },
    });
  });
});
