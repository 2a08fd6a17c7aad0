import { failed, ok, raised, thrice } from '../../test/support/runs';
import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { verifierSettings } from '../../test/support/verifier-settings';
import { compact } from '../domain/prompt/compact';
import type { InductionTask, Task, TripletTask } from '../domain/task/task';
import type { ProgramRun } from './ports';
import { ProposalValidator } from './proposal-validator';
import type { Response } from './read-response';
import { AnswerScorer } from './score-answer';
import type { VerifierSettings } from './settings';

const PROGRAM = 'def f(x):\n return x+3';
const triplet = (type: TripletTask['type'], output: string): TripletTask => ({
  ...{ id: 't', type, program: PROGRAM, input: '5', output },
});
const INDUCTION: InductionTask = {
  ...{ id: 't', type: 'induction', program: PROGRAM, message: '' },
  pairs: [0, 1, 2, 3].map((x) => ({ input: `${x}`, output: `${x + 3}` })),
};

const PYTHON = verifierSettings({ equality: 'python' });

const said = (answer: string): Response => ({ text: `</think>${answer}`, finished: true });
const scorer = (executor = new ScriptedExecutor(), tasks: Partial<VerifierSettings['tasks']> = {}) =>
  new AnswerScorer(executor, compact, verifierSettings(tasks));
const running = (...runs: ProgramRun[]) => new ScriptedExecutor(() => runs);

async function scoreOne(task: Task, answer: string, by = scorer()): Promise<string> {
  const [verdict] = await by.score(task, [said(answer)]);
  return verdict!.outcome === 'correct' ? 'correct' : verdict!.reason;
}

describe('equality: python is plain ==', () => {
  const python = (executor = new ScriptedExecutor()) => scorer(executor, { equality: 'python' });
  const sums = (...outputs: string[]): InductionTask => ({
    ...INDUCTION,
    pairs: outputs.map((output, x) => ({ input: `${x}`, output })),
  });

  it.each([
    ['1', 'True', 'correct'],
    ['1', '1.0', 'correct'],
    ['1', '1+0j', 'correct'],
    ['[1, {0: 2}]', '[True, {False: 2.0}]', 'correct'],
    ['{1, 2}', 'frozenset({1.0, 2})', 'correct'],
    ['0.0', '-0.0', 'correct'],
    ['9007199254740993', '9007199254740992.0', 'wrong_value'],
    ['[1]', '(1,)', 'wrong_value'],
    ["'1'", "b'1'", 'wrong_value'],
    ["float('nan')", "float('nan')", 'wrong_value'],
  ])('in deduction, abduction and induction: %s and %s are %s', async (output, given, expected) => {
    const gives = running(...thrice(ok(given)));
    expect(await scoreOne(triplet('deduction', output), given, python())).toBe(expected);
    expect(await scoreOne(triplet('abduction', output), '5', python(gives))).toBe(expected);
    expect(await scoreOne(sums('0', '0', output, output), PROGRAM, python(gives))).toBe(expected);
  });

  it('does not make the runs of a program agree that differ in type', async () => {
    const validator = new ProposalValidator(running(ok('1'), ok('True'), ok('1')), compact, PYTHON);
    const proposal = { type: 'deduction', program: PROGRAM, input: '5' } as const;
    expect(await validator.validate(proposal, () => false)).toMatchObject({ reason: 'nondeterministic' });
  });

  it.each(['deduction', 'abduction'] as const)('admits no %s task whose value is not equal to itself', async (type) => {
    const validator = new ProposalValidator(running(...thrice(ok("[float('nan')]"))), compact, PYTHON);
    const validation = await validator.validate({ type, program: PROGRAM, input: '5' }, () => false);
    expect(validation).toMatchObject({ outcome: 'rejected', reason: 'unverifiable' });
  });
});

describe('a response', () => {
  it('has a verdict each, in order, and one cut at the token limit is malformed though it is right', async () => {
    const responses = [
      said('9'),
      { ...said('8'), finished: false },
      said('8'),
      { text: '8', finished: true },
      said('8'),
    ];
    const verdicts = await scorer().score(triplet('deduction', '8'), responses);
    expect(verdicts).toMatchObject([
      { outcome: 'incorrect', reason: 'wrong_value' },
      { outcome: 'malformed', reason: 'truncated' },
      { outcome: 'correct' },
      { outcome: 'malformed', reason: 'malformed' },
      { outcome: 'correct' },
    ]);
  });

  it('to no task asks for no run', async () => {
    expect(await scorer().score(INDUCTION, [])).toEqual([]);
  });

  it.each(['deduction', 'abduction', 'induction', 'error'] as const)(
    'of a great length is wrong for %s',
    async (type) => {
      const executor = new ScriptedExecutor();
      const task = type === 'induction' ? INDUCTION : triplet(type, '8');
      expect(await scoreOne(task, '8'.padEnd(70_000), scorer(executor))).toBe('too_long');
      expect(executor.calls).toEqual([]);
    },
  );
});

describe('an answer to a deduction task', () => {
  it.each([
    ['8', '8'],
    ['8', ' 0x8 # eight'],
    ['[1, 2]', '[1,2]'],
    ['{1, 2}', '{2, 1}'],
    ["'a'", '"a"'],
  ])('is correct when it is the value %s: %j', async (output, answer) => {
    expect(await scoreOne(triplet('deduction', output), answer)).toBe('correct');
  });

  it.each([
    ['8', '9', 'wrong_value'],
    ['1', 'True', 'wrong_value'],
    ['1', '1.0', 'wrong_value'],
    ['[1]', '(1,)', 'wrong_value'],
    ['8', 'f(5)', 'bad_answer'],
    ['8', '[8', 'bad_answer'],
  ])('that is %s is not %j: %s', async (output, answer, reason) => {
    expect(await scoreOne(triplet('deduction', output), answer)).toBe(reason);
  });

  it('is compared by == where the run says so', async () => {
    expect(await scoreOne(triplet('deduction', '1'), 'True', scorer(undefined, { equality: 'python' }))).toBe(
      'correct',
    );
  });
});

describe('an answer to an error task', () => {
  it.each([
    ['IndexError', ' IndexError\n', 'correct'],
    ['NoError', 'NoError', 'correct'],
    ['Ungültig', 'Ungültig', 'correct'],
    ['IndexError', 'LookupError', 'wrong_value'],
    ['IndexError', 'NoError', 'wrong_value'],
    ['IndexError', 'indexerror', 'wrong_value'],
    ['IndexError', "'IndexError'", 'bad_answer'],
    ['IndexError', 'IndexError: list index out of range', 'bad_answer'],
    ['IndexError', 'builtins.IndexError', 'bad_answer'],
  ])('%s: %j is %s', async (output, answer, expected) => {
    expect(await scoreOne(triplet('error', output), answer)).toBe(expected);
  });
});

describe('an answer to an abduction task', () => {
  const task = triplet('abduction', '8');

  it('is any input that gives the output; the different ones run in one request', async () => {
    const executor = new ScriptedExecutor();
    const answers = ['5', '0x5', 'f(5)', '4 + 1', '6', '5,'].map(said);
    const verdicts = await scorer(executor).score(task, answers);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual([
      ...['correct', 'correct', 'incorrect', 'correct', 'incorrect', 'correct'],
    ]);
    expect(executor.calls).toEqual([{ program: PROGRAM, inputs: ['5', '6'] }]);
  });

  it.each(['f(5)', '5) + (0', '*[5]', '5, 6)', '['])('that is no argument list is never run: %j', async (answer) => {
    const executor = new ScriptedExecutor();
    expect(await scoreOne(task, answer, scorer(executor))).toBe('bad_answer');
    expect(executor.calls).toEqual([]);
  });

  it('that is short to write and long as a value is not run', async () => {
    const executor = new ScriptedExecutor();
    expect(await scoreOne(task, 'bytes(20000)', scorer(executor))).toBe('too_long');
    expect(executor.calls).toEqual([]);
  });

  it.each([
    ['wrong_value', thrice(ok('9'))],
    ['wrong_value', thrice(ok('8.0'))],
    ['nondeterministic', [ok('8'), ok('9'), ok('8')]],
    ['exception', thrice(raised('TypeError'))],
    ['exception', [ok('8'), ok('8'), raised('TypeError')]],
    ['timeout', [failed('timeout')]],
    ['memory_limit', [failed('memory_limit')]],
    ['output_limit', thrice(failed('output_limit'))],
    ['invalid_output', thrice(failed('invalid_output'))],
    ['invalid_output', thrice(ok('<object>'))],
    ['bad_answer', [failed('invalid_input')]],
    ['no_result', [failed('crash')]],
    ['no_result', []],
  ] as [string, ProgramRun[]][])('is wrong for %s', async (reason, runs) => {
    expect(await scoreOne(task, '5', scorer(running(...runs)))).toBe(reason);
  });

  it('is compared by == where the run says so', async () => {
    const executor = running(...thrice(ok('8.0')));
    expect(await scoreOne(task, '5', scorer(executor, { equality: 'python' }))).toBe('correct');
  });
});

describe('an answer to an induction task', () => {
  it('is any program that maps the hidden inputs; equal ones are judged once', async () => {
    const executor = new ScriptedExecutor();
    const answers = ['def f(x): return x+3', 'def f(x): return x+4', 'def f(x): return x+3'].map(said);
    const verdicts = await scorer(executor).score(INDUCTION, answers);
    expect(verdicts).toMatchObject([{ outcome: 'correct' }, { reason: 'wrong_value' }, { outcome: 'correct' }]);
    const ran = executor.calls.map(({ program, inputs }) => `${program.slice(-3)} ${inputs.join()}`);
    expect(ran.sort()).toEqual(['x+3 2,3', 'x+4 2,3']);
  });

  it('must be right on every hidden pair', async () => {
    const byInput = (input: string): ProgramRun[] => (input === '3' ? thrice(raised('KeyError')) : thrice(ok('5')));
    const executor = new ScriptedExecutor((_, input) => byInput(input));
    expect(await scoreOne(INDUCTION, PROGRAM, scorer(executor))).toBe('exception');
  });

  it.each([
    ['syntax_error', 'def f(x?): return x+3'],
    ['no_entry_function', 'x+3'],
    ['banned', 'import sys\ndef f(x): return x+3'],
  ])('is wrong for %s, and is not run', async (reason, answer) => {
    const executor = new ScriptedExecutor();
    expect(await scoreOne(INDUCTION, answer, scorer(executor))).toBe(reason);
    expect(executor.calls).toEqual([]);
  });

  it('may use what the run bans in proposals alone', async () => {
    const answer = 'import decimal\ndef f(x): return x+3';
    expect(await scoreOne(INDUCTION, answer, scorer(undefined, { banned: ['decimal'] }))).toBe('correct');
  });

  it('ends with the first pair that hangs; what was not run is no right answer', async () => {
    const hangs = (hanging: string) =>
      new ScriptedExecutor((_, input) =>
        input === hanging ? [failed('timeout')] : thrice(ok(`${Number(input) + 3}`)),
      );
    for (const executor of [hangs('2'), hangs('3')]) {
      expect(await scoreOne(INDUCTION, PROGRAM, scorer(executor))).toBe('timeout');
      expect(executor.calls).toHaveLength(1);
    }
  });

  it('is wrong where runs do not agree', async () => {
    const executor = new ScriptedExecutor((_, input) => [ok(`${Number(input) + 3}`), ok('0')]);
    expect(await scoreOne(INDUCTION, PROGRAM, scorer(executor))).toBe('nondeterministic');
  });
});
