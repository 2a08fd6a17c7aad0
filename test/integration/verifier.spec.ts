import { paper } from '../../src/domain/prompt/paper';
import { goldAnswer } from '../../src/domain/task/gold-answer';
import type { InductionTask, Proposal, Task, TripletTask, TripletType } from '../../src/domain/task/task';
import type { Validation } from '../../src/domain/task/verdict';
import { ProposalValidator, type ValidationOptions } from '../../src/verifier/proposal-validator';
import { AnswerScorer } from '../../src/verifier/score-answer';
import { TestExecutor, TIMEOUT_MS } from '../support/executor/executor';
import { verifierSettings } from '../support/verifier-settings';

const settings = verifierSettings(
  { bannedErrorKeywords: ['raise'] },
  { timeoutMs: TIMEOUT_MS, memoryMib: 128, outputBytes: 1_000, inputLength: 1_000 },
);

jest.setTimeout(30_000); // a program that hangs takes its time where the machine is busy

describe('the verifier over the executor', () => {
  let executor: TestExecutor;
  let validator: ProposalValidator;
  let scorer: AnswerScorer;

  beforeAll(async () => {
    executor = await TestExecutor.start();
    validator = new ProposalValidator(executor.adapter, paper, settings);
    scorer = new AnswerScorer(executor.adapter, paper, settings);
  }, 60_000);
  afterAll(() => executor.stop());

  const validate = (proposal: Proposal, options?: ValidationOptions): Promise<Validation> =>
    validator.validate(proposal, () => false, options);
  const triplet = (type: TripletType, program: string, input: string): Promise<Validation> =>
    validate({ type, program, input });
  const induction = (program: string, inputs: string[], message = 'Look closely.'): Promise<Validation> =>
    validate({ type: 'induction', program, inputs, message });

  /** `correct`, or the reason, for each answer. */
  async function score(task: Task, ...answers: string[]): Promise<string[]> {
    const responses = answers.map((answer) => ({ text: paper.renderAnswer(task.type, answer), finished: true }));
    const verdicts = await scorer.score(task, responses);
    return verdicts.map((verdict) => (verdict.outcome === 'correct' ? 'correct' : verdict.reason));
  }

  async function admitted<T extends Task>(validation: Promise<Validation>): Promise<T> {
    const result = await validation;
    if (result.outcome !== 'accepted') throw new Error(`${result.reason}: ${result.detail}`);
    expect(await score(result.task, goldAnswer(result.task))).toEqual(['correct']);
    return result.task as T;
  }

  it('reads a proposal out of a response, and measures its program', async () => {
    const rules = { banned: [], bannedKeywords: [], timeoutSeconds: 1 };
    const proposal = { type: 'deduction', program: 'def g(x):\n    return x + 1 if x else 0', input: '0x2' } as const;
    const response = { text: paper.renderProposal(proposal), finished: true };
    const view = { type: 'deduction', references: [], rules } as const;
    expect(await validator.validateResponse(view, response, () => false)).toMatchObject({
      outcome: 'accepted',
      task: { program: 'def f(x):\n    return x + 1 if x else 0', input: '2', output: '3' },
      metrics: { cyclomatic: 2, cognitive: 1 },
    });
  });

  it('admits deduction tasks and scores values', async () => {
    const task = await admitted(triplet('deduction', 'def f(s):\n    print(s)\n    return {*s}', "'ba'"));
    expect(task).toMatchObject({ output: "{'a', 'b'}" });
    expect(await score(task, "{'b', 'a'}", "['a', 'b']", '{"a"}', 'set("ab")', 'f("ba")')).toEqual([
      ...['correct', 'wrong_value', 'wrong_value', 'correct', 'bad_answer'],
    ]);
  });

  it('admits abduction tasks and runs each answer by itself', async () => {
    const program = 'def f(xs, seen=[]):\n    xs.append(len(xs))\n    return xs';
    const task = await admitted<TripletTask>(triplet('abduction', program, '[0]'));
    expect(task).toMatchObject({ input: '[0]', output: '[0, 1]' });
    const answers = ['[0]', '[0, 1]', '[ 0 ], []', '(0,)', '[0], [], []', '1 +'];
    expect(await score(task, ...answers)).toEqual([
      ...['correct', 'wrong_value', 'correct', 'exception', 'exception', 'bad_answer'],
    ]);
  });

  it('holds an answer that hangs or prints or ends the process against itself alone', async () => {
    const program = `def f(x):
    if x == 'hang':
        while True: pass
    if x == 'exit': raise SystemExit
    print('4')
    return 4`;
    const task = await admitted(triplet('abduction', program, '1'));
    expect(await score(task, "'hang'", '2', "'exit'", "'print'")).toEqual([
      'timeout',
      'correct',
      'exception',
      'correct',
    ]);
  });

  it('admits induction tasks and holds programs against the hidden pairs', async () => {
    const task = await admitted<InductionTask>(induction('def f(x):\n    return x * x', ['1', '2', '3', '0x4']));
    expect(task.pairs.at(-1)).toEqual({ input: '4', output: '16' });
    const answers = [
      'def square(n):\n    print("no")\n    return n ** 2',
      'def f(x):\n    return {1: 1, 2: 4}.get(x)',
      'def f(x):\n    return x * x if x < 4 else 0',
      'def f(x):\n    return float(x * x)',
      '_n = [3]\ndef f(x):\n    _n[0] += 1\n    return (x if _n[0] == 4 else 0) ** 2',
      'def f(x):\n    raise SystemExit',
      'def f(x):\n    while True: pass',
      'import os\ndef f(x):\n    os._exit(0)',
      'def f(x) return x',
      'x * x',
    ];
    expect(await score(task, ...answers)).toEqual([
      ...['correct', 'wrong_value', 'wrong_value', 'wrong_value', 'nondeterministic'],
      ...['exception', 'timeout', 'banned', 'syntax_error', 'no_entry_function'],
    ]);
    const [address] = await score(task, 'def f(x):\n    return x * x + id(object()) % 9973');
    expect(['nondeterministic', 'wrong_value']).toContain(address);
  });

  it.each([
    ['too_few_inputs', 'def f(x): return x', ['1', '2', '3']],
    ['duplicate', 'def f(x): return x', ['[1]', '2', '3', '[1,]']],
    ['exception', 'def f(x): return 6 // x', ['1', '2', '3', '0']],
    ['constant_output', 'def f(x): return 6', ['1', '2', '3', '0']],
    ['nondeterministic', 'k = []\ndef f(x):\n    k.append(x)\n    return k', ['1', '2', '3', '0']],
    ['leak', 'def f(x): # here\n    """Adds."""\n    return x + 1', ['1', '2', '3', '4'], 'def g(n): return n+1'],
  ])('rejects induction inputs for %s', async (reason, program, inputs, message = '') => {
    expect(await induction(program, inputs, message)).toMatchObject({ outcome: 'rejected', reason });
  });

  it('admits error tasks by the name of the exception, whatever the program makes of it', async () => {
    const index = await admitted(triplet('error', 'def f(xs):\n    return xs[3]', '[1, 2]'));
    expect(await score(index, 'IndexError', ' IndexError ', 'LookupError', 'NoError', '1')).toEqual([
      ...['correct', 'correct', 'wrong_value', 'wrong_value', 'bad_answer'],
    ]);
    const forged = await admitted(triplet('error', 'def f(x):\n    return "{0.no\\nBanana}".format(x)', '1'));
    expect(forged).toMatchObject({ output: 'AttributeError' });
    const own = 'class E(Exception):\n    __qualname__ = "KeyError"\ndef g():\n    yield\ndef f(x):\n    g().throw(E)';
    expect(await admitted(triplet('error', own, '1'))).toMatchObject({ output: 'E' });
    expect(await admitted(triplet('error', 'def f(xs):\n    return max(xs)', '[3]'))).toMatchObject({
      output: 'NoError',
    });
  });

  it.each([
    ['banned', 'def f(x):\n    raise ValueError', '1'],
    ['nondeterministic', 'def f(x):\n    return open("/etc/passwd").read()', '1'],
    ['nondeterministic', 'def f(x):\n    exit(x)', '1'],
    ['nondeterministic', 'def f(x):\n    return [x] * 10**10', '1'],
    ['nondeterministic', 'import nothing\ndef f(x):\n    return x', '1'],
    ['nondeterministic', 'k = []\ndef f(x):\n    k.append(x)\n    return [x][len(k) - 1]', '1'],
    ['invalid_output', 'def f(x):\n    yield x', '1'],
    ['timeout', 'def f(x):\n    while x: pass', '1'],
  ])('rejects error tasks for %s', async (reason, program, input) => {
    expect(await triplet('error', program, input)).toMatchObject({ outcome: 'rejected', reason });
  });

  it('takes comments and globals out of seeds, and knows the task by what is left', async () => {
    const program = 'k = 2  # two\ndef f(x):\n    """Doubles."""\n    return x * 2\n';
    const seed = { type: 'deduction', program, input: '4' } as const;
    const stripped = await admitted<TripletTask>(validate(seed, { strip: 'globals' }));
    expect(stripped.program).not.toMatch(/k = 2|Doubles|#/);
    const again = await admitted<TripletTask>(validate({ ...seed, program: stripped.program }));
    expect(again.id).toBe(stripped.id);
    const uncommented = await admitted<TripletTask>(validate(seed, { strip: 'comments' }));
    expect(uncommented.program).toMatch(/k = 2/);
    expect(uncommented.program).not.toMatch(/Doubles|#/);
  });
});
