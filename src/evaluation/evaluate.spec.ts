import { ScriptedPool } from '../../test/support/scripted-pool';
import { PartUnavailable } from '../domain/errors';
import type { Verdict } from '../domain/task/verdict';
import { evaluate, type Attempt, type EvaluationSettings } from './evaluate';
import { summaryOf } from './evaluation-summary';
import type { Question } from './question';

const WRONG: Verdict = { outcome: 'incorrect', reason: 'wrong_value', detail: '' };
const CUT: Verdict = { outcome: 'malformed', reason: 'truncated', detail: '' };
const JUDGE: Record<string, Verdict> = { right: { outcome: 'correct' }, wrong: WRONG, 'wonder</think>wrong': WRONG };

const question = (id: string, rest: Partial<Question> = {}): Question => ({
  ...{ id, benchmark: 'deduction', prompt: `${id}?`, assertsBesideAnswer: false },
  judge: (responses) => Promise.resolve(responses.map(({ text }) => JUDGE[text] ?? CUT)),
  ...rest,
});

const settings = (samples: number): EvaluationSettings => ({
  ...{ seed: 1, maxTokens: 10, stop: ['!'], concurrency: 2 },
  samplings: [
    { temperature: 0, samples: 1 },
    { temperature: 1, samples },
  ],
});

async function attemptsOf(questions: Question[], pool: ScriptedPool, samples: number): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for await (const attempt of evaluate(questions, pool, settings(samples))) attempts.push(attempt);
  return attempts;
}

/** Greedy it is wrong; of its samples every fourth is right, others wonder or end at once. */
const sampler = () =>
  new ScriptedPool(({ temperature, seed }, i) => {
    if (temperature === 0) return { text: 'wrong' };
    return { text: ['right', 'wonder</think>wrong', 'wrong', '']![(seed + i) % 4]! };
  });

describe('an evaluation of questions', () => {
  it('asks each greedily and at temperature 1, in requests of bounded size with one seed after the other', async () => {
    const pool = sampler();
    await attemptsOf([question('a')], pool, 40);
    const [greedy, ...sampled] = pool.requests;
    expect(greedy).toMatchObject({ key: 'a', prompt: 'a?', temperature: 0, samples: 1, maxTokens: 10, stop: ['!'] });
    expect(sampled.map(({ samples }) => samples)).toEqual([16, 16, 8]);
    expect(sampled.map(({ seed }) => seed - greedy!.seed)).toEqual([0, 16, 32]);
  });

  it('comes to rates, pass@k, verdicts by reason, lengths, and what reasons, by name', async () => {
    const questions = [
      question('a'),
      question('HumanEval/3', { benchmark: 'humaneval', assertsBesideAnswer: true }),
      question('b'),
    ];
    const attempts = await attemptsOf(questions, sampler(), 4);
    const [deduction, humaneval] = summaryOf(attempts.reverse(), settings(4).samplings);
    expect(deduction).toMatchObject({ name: 'deduction', tasks: 2, tooLong: [], assertsBesideAnswer: 0 });
    expect(humaneval).toMatchObject({ name: 'humaneval', tasks: 1, assertsBesideAnswer: 1 });
    const [greedy, sampled] = deduction!.samplings;
    expect(greedy).toMatchObject({ solved: 0, answers: 2, reasoned: 1, meanTokens: 5 });
    expect(sampled).toMatchObject({
      ...{ solved: 2, answers: 8, reasoned: 3 / 4, meanTokens: ('right' + 'wonder</think>wrong' + 'wrong').length / 4 },
      verdicts: { correct: 2, incorrect: { wrong_value: 4 }, malformed: { truncated: 2 } },
    });
    expect(sampled!.passAt.map(({ rate }) => rate)).toEqual([1, 2, 3, 4].map((k) => expect.closeTo(k / 4, 12)));
  });

  it('names what does not fit the context, and counts it as wrong', async () => {
    const pool = new ScriptedPool(() => ({ text: 'right' }), 100);
    const attempts = await attemptsOf([question('a'), question('long', { prompt: 'x'.repeat(300) })], pool, 2);
    const [summary] = summaryOf(attempts, settings(2).samplings);
    expect(summary).toMatchObject({ tasks: 2, tooLong: ['long'] });
    expect(summary!.samplings[1]).toMatchObject({ solved: 2, answers: 2, passAt: [{ rate: 0.5 }, { rate: 0.5 }] });
  });

  it('keeps what was done when the server ends, and says that it did', async () => {
    let left = 6;
    const gone = new PartUnavailable('policy', 'it does not answer');
    const pool = new ScriptedPool(() => {
      if (left-- === 0) throw gone;
      return { text: 'right' };
    });
    const attempts: Attempt[] = [];
    const all = async () => {
      const many = Array.from({ length: 50 }, (_, i) => question(`${i}`));
      for await (const attempt of evaluate(many, pool, settings(1))) attempts.push(attempt);
    };
    await expect(all()).rejects.toBe(gone);
    expect(attempts.length).toBeGreaterThan(0);
    expect(summaryOf(attempts, settings(1).samplings)).toMatchObject([{ tasks: attempts.length }]);
  });
});
