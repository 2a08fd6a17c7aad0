import fc from 'fast-check';
import { paper } from '../../src/domain/prompt/paper';
import { goldAnswer } from '../../src/domain/task/gold-answer';
import type { InductionTask, Proposal } from '../../src/domain/task/task';
import type { Validation } from '../../src/domain/task/verdict';
import { canonicalText } from '../../src/domain/value';
import type { ProgramExecutor, ProgramRun } from '../../src/verifier/ports';
import { ProposalValidator } from '../../src/verifier/proposal-validator';
import { AnswerScorer } from '../../src/verifier/score-answer';
import { TestExecutor, TIMEOUT_MS } from '../support/executor/executor';
import { arbitraryValue } from '../support/values/arbitrary-value';
import { verifierSettings } from '../support/verifier-settings';

const LIMITS = { timeoutMs: TIMEOUT_MS, memoryMib: 128, outputBytes: 2_000, inputLength: 2_000 };
const RUNS = 40;

jest.setTimeout(60_000); // a program that hangs takes its time where the machine is busy

describe('golds', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  /** A verifier that counts the runs which reach the time limit. */
  function verifier(tasks: Parameters<typeof verifierSettings>[0] = {}) {
    const settings = verifierSettings(tasks, LIMITS);
    const count = { timeouts: 0 };
    const counted = <R extends readonly (ProgramRun | readonly ProgramRun[])[]>(runs: R): R => {
      count.timeouts += (runs.flat(1) as ProgramRun[]).filter(({ status }) => status === 'timeout').length;
      return runs;
    };
    const counting: ProgramExecutor = {
      runAcross: async (...call) => counted(await executor.adapter.runAcross(...call)),
      analyze: (program) => executor.adapter.analyze(program),
      skim: (program) => executor.adapter.skim(program),
    };
    const validator = new ProposalValidator(counting, paper, settings);
    const scorer = new AnswerScorer(counting, paper, settings);
    return {
      count,
      validate: (proposal: Proposal): Promise<Validation> => validator.validate(proposal, () => false),
      score: async (task: Parameters<AnswerScorer['score']>[0], answer: string) =>
        (await scorer.score(task, [{ text: paper.renderAnswer(task.type, answer), finished: true }]))[0]!,
    };
  }

  it.each(['deduction', 'abduction'] as const)(
    'of %s tasks are answers, whatever the value: what cannot be one is no task',
    async (type) => {
      const verifiers = [verifier(), verifier({ equality: 'python' })];
      let accepted = 0;
      const values = fc.tuple(arbitraryValue, fc.constantFrom(...verifiers));
      const property = fc.asyncProperty(values, async ([value, { validate, score }]) => {
        const validation = await validate({ type, program: 'def f(x):\n    return x', input: canonicalText(value) });
        if (validation.outcome !== 'accepted') return;
        accepted += 1;
        expect(await score(validation.task, goldAnswer(validation.task))).toEqual({ outcome: 'correct' });
      });
      await fc.assert(property, { seed: 1, numRuns: RUNS });
      expect(accepted).toBeGreaterThan(RUNS / 2);
    },
  );

  it.each([
    ['longer than the limit', 'output_limit', 'return "x" * 3_000'],
    ['no value that has a text', 'invalid_output', 'return f'],
    ['a value that contains itself', 'invalid_output', 'x = [x]\n    x.append(x)\n    return x'],
    ['more digits than an integer may have', 'invalid_output', 'return 10 ** 4_400'],
  ])('that are %s make no task: they are never cut', async (_, reason, body) => {
    const validation = await verifier().validate({ type: 'deduction', program: `def f(x):\n    ${body}`, input: '1' });
    expect(validation).toMatchObject({ outcome: 'rejected', reason });
  });

  it.each([
    ['the order of a set', 'return list({x, 1.5, "b"})'],
    ['the order of a set that was given', 'return [y for y in x]', '{"a", "b"}'],
    ['what a set gives first', 'return {x, "b"}.pop()'],
    ['the views of a dict', 'return [*({x: 1}.keys() | {"b": 2}.keys())]'],
    ['a hash', 'return hash(x) % 2'],
  ])('do not depend on %s, by which two interpreters agree in every second case', async (_, body, input = '"k"') => {
    const { validate } = verifier();
    const program = `def f(x):\n    ${body}`;
    const tasks = Array.from({ length: 20 }, (_, n) => {
      const other = input.replace(/[a-k]/g, (letter) => `${letter}${n}`);
      return validate({ type: 'deduction', program: program.replace('"b"', `"b${n}"`), input: other });
    });
    const outcomes = (await Promise.all(tasks)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted').length).toBeLessThan(2);
  });

  it('may come of sets and hashes where their order does not show', async () => {
    const program = 'def f(x):\n    return sorted({*x, "b"}), {*x}, len({hash(y) for y in x})';
    const validation = await verifier().validate({ type: 'deduction', program, input: '["a", "c"]' });
    expect(validation).toMatchObject({ outcome: 'accepted', task: { output: "(['a', 'b', 'c'], {'a', 'c'}, 2)" } });
  });

  const HANGING = `def f(x):
    while x > 1:
        try:
            pass
        except BaseException:
            pass
    return x`;

  it.each<[string, Proposal]>([
    ['of one input', { type: 'deduction', program: HANGING, input: '2' }],
    ['of several inputs', { type: 'induction', program: HANGING, inputs: ['1', '2', '3', '4'], message: '' }],
  ])('of a proposal that hangs cost its time limit once: %s', async (_, proposal) => {
    const { validate, count } = verifier();
    expect(await validate(proposal)).toMatchObject({ outcome: 'rejected', reason: 'timeout' });
    expect(count.timeouts).toBe(1);
  });

  it('that an answer hangs on cost its time limit once, and the next answer is judged as ever', async () => {
    const { score, count } = verifier();
    const pairs = [0, 1, 2, 3, 4, 5, 6, 7].map((x) => ({ input: `${x}`, output: `${x}` }));
    const task: InductionTask = { id: '', type: 'induction', program: 'def f(x): return x', pairs, message: '' };
    expect(await score(task, HANGING)).toMatchObject({ outcome: 'incorrect', reason: 'timeout' });
    expect(count.timeouts).toBe(1);
    expect(await score(task, 'def f(x): return x')).toEqual({ outcome: 'correct' });
  });
});
