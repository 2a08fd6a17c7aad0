import { failed, ok, raised, thrice } from '../../test/support/runs';
import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { verifierSettings } from '../../test/support/verifier-settings';
import { compact } from '../domain/prompt/compact';
import type { ProposerView } from '../domain/prompt/prompt-format';
import type { Proposal, Task } from '../domain/task/task';
import type { Validation } from '../domain/task/verdict';
import type { ProgramRun } from './ports';
import { ProposalValidator } from './proposal-validator';
import type { VerifierSettings } from './settings';

const PROGRAM = 'def f(x):\n x=x+3\n return x';
const never = (): boolean => false;
const always = (): boolean => true;
const running = (...runs: ProgramRun[]) => new ScriptedExecutor(() => runs);

interface Attempt {
  executor?: ScriptedExecutor;
  tasks?: Partial<VerifierSettings['tasks']>;
  known?: (id: string) => boolean;
}

const validatorOf = ({ executor = new ScriptedExecutor(), tasks }: Attempt): ProposalValidator =>
  new ProposalValidator(executor, compact, verifierSettings(tasks));

const validate = (proposal: Proposal, attempt: Attempt = {}): Promise<Validation> =>
  validatorOf(attempt).validate(proposal, attempt.known ?? never);

const deduction = (input = '5', program = PROGRAM): Proposal => ({ type: 'deduction', program, input });

function taskOf(validation: Validation): Task {
  if (validation.outcome !== 'accepted') throw new Error(`${validation.reason}: ${validation.detail}`);
  return validation.task;
}

describe('a proposed triplet', () => {
  it.each(['deduction', 'abduction'] as const)(
    'becomes a %s task with the canonical value of its runs',
    async (type) => {
      const executor = running(ok('{2,1}'), ok('{1, 2}'), ok('{1,2}'));
      const validation = await validate({ type, program: PROGRAM, input: ' 0x10 ,' }, { executor });
      expect(validation).toMatchObject({
        outcome: 'accepted',
        task: { type, program: PROGRAM, input: '16', output: '{1, 2}' },
        metrics: { cyclomatic: 1, volume: PROGRAM.length },
      });
    },
  );

  it('has one identity whatever its comments, spacing and spelling of the input', async () => {
    const first = taskOf(await validate(deduction()));
    const second = taskOf(await validate(deduction('0x5', 'def f(x):\n x = x+3\n return x')));
    const other = taskOf(await validate({ ...deduction(), type: 'abduction' } as Proposal));
    expect(second.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
  });

  it('is shown and run without comments where the run says so', async () => {
    const executor = new ScriptedExecutor();
    const proposal = deduction('5', 'def f(x): # three\n return x+3');
    const task = taskOf(await validate(proposal, { executor, tasks: { stripComments: true } }));
    expect(task).toMatchObject({ program: 'def f(x):\n return x+3', output: '8' });
    expect(executor.calls[0]!.program).toBe(task.program);
    expect(task.id).toBe(taskOf(await validate(deduction('5', task.program))).id);
  });

  it.each([
    ['bad_input', deduction('open("x")'), {}],
    ['syntax_error', deduction('5', 'def f(x?): return x'), {}],
    ['no_entry_function', deduction('5', 'x = 1'), {}],
    ['banned', deduction('5', 'import os\ndef f(x): return x'), {}],
    ['banned', deduction('5', 'import math\ndef f(x): return x'), { tasks: { banned: ['math'] } }],
    ['duplicate', deduction(), { known: always }],
    ['too_long', deduction('10**30'), {}],
    ['too_long', deduction('1', `${PROGRAM}#${'x'.repeat(70_000)}`), {}],
    ['unshowable', deduction("'\\x3cthink>'"), { executor: running(ok('1')) }],
  ] as [string, Proposal, Attempt][])('is rejected as %s: %j %j', async (reason, proposal, attempt) => {
    expect(await validate(proposal, attempt)).toMatchObject({ outcome: 'rejected', reason });
  });

  it.each([
    ['nondeterministic', [ok('1'), ok('1'), ok('2')]],
    ['nondeterministic', [ok('1'), ok('1.0'), ok('1')]],
    ['invalid_output', thrice(ok('<object>'))],
    ['invalid_output', thrice(failed('invalid_output'))],
    ['output_limit', thrice(failed('output_limit'))],
    ['exception', [ok('1'), raised('ValueError')]],
    ['timeout', [failed('timeout')]],
    ['memory_limit', [failed('memory_limit')]],
    ['bad_input', [failed('invalid_input')]],
    ['no_result', [failed('violation')]],
    ['no_result', [failed('crash')]],
    ['no_result', []],
    ['unshowable', thrice(ok("'</think>'"))],
    ['unshowable', thrice(ok("'<|end|>'"))],
  ] as [string, ProgramRun[]][])('is rejected as %s after the runs %j', async (reason, runs) => {
    expect(await validate(deduction(), { executor: running(...runs) })).toMatchObject({ outcome: 'rejected', reason });
  });

  it('is rejected when its own answer does not score as correct', async () => {
    const nan = { executor: running(...thrice(ok("float('nan')"))), tasks: { equality: 'python' } } as const;
    expect(await validate(deduction(), nan)).toMatchObject({ outcome: 'rejected', reason: 'unverifiable' });
  });

  it('is rejected without an argument: its program takes at least one', async () => {
    const unwritten = await validate({ type: 'abduction', program: PROGRAM, input: '' });
    expect(unwritten).toMatchObject({ outcome: 'rejected', reason: 'bad_input' });
  });
});

describe('a proposed error task', () => {
  const error = (program = PROGRAM): Proposal => ({ type: 'error', program, input: '5' });
  const after = (...runs: ProgramRun[]) => validate(error(), { executor: running(...runs) });

  it.each([
    ['IndexError', thrice(raised('IndexError'))],
    ['Stop', thrice(raised('Stop'))],
    ['NoError', thrice(ok('8'))],
  ])('has the answer %s after the runs %j', async (output, runs) => {
    expect(taskOf(await after(...runs))).toMatchObject({ type: 'error', input: '5', output });
  });

  it.each([
    ['nondeterministic', [raised('KeyError'), raised('KeyError'), raised('IndexError')]],
    ['nondeterministic', [ok('8'), raised('KeyError'), ok('8')]],
    ['nondeterministic', [ok('8'), ok('9'), ok('8')]],
    ['nondeterministic', thrice(raised('PermissionError'))],
    ['nondeterministic', thrice(raised('MemoryError'))],
    ['timeout', [raised('KeyError'), failed('timeout')]],
    ['invalid_output', thrice(failed('invalid_output'))],
    ['no_result', []],
    ['unverifiable', thrice(raised('NoError'))],
    ['unverifiable', thrice(raised('not a name'))],
    ['too_long', thrice(raised('E'.repeat(200)))],
  ] as [string, ProgramRun[]][])('is rejected as %s after the runs %j', async (reason, runs) => {
    expect(await after(...runs)).toMatchObject({ outcome: 'rejected', reason });
  });

  it('may not use a keyword that the run bans, which other types may', async () => {
    const program = 'def f(x):\n raise KeyError';
    const attempt = {
      executor: running(...thrice(raised('KeyError'))),
      tasks: { bannedErrorKeywords: ['raise' as const] },
    };
    expect(await validate(error(program), attempt)).toMatchObject({ outcome: 'rejected', reason: 'banned' });
    expect(await validate(error(program), { ...attempt, tasks: {} })).toMatchObject({ outcome: 'accepted' });
    expect(await validate(deduction('5', program), attempt)).toMatchObject({ reason: 'exception' });
  });
});

describe('proposed inputs of an induction task', () => {
  const induction = (inputs: string[], message = ''): Proposal => ({
    type: 'induction',
    program: PROGRAM,
    inputs,
    message,
  });

  it('become pairs, in order and canonical; those over the number are left out', async () => {
    const executor = new ScriptedExecutor();
    const task = taskOf(await validate(induction(['0x1', '2', '4 ', '3', '9', 'open']), { executor }));
    expect(task).toMatchObject({
      type: 'induction',
      program: PROGRAM,
      message: '',
      pairs: [
        { input: '1', output: '4' },
        { input: '2', output: '5' },
        { input: '4', output: '7' },
        { input: '3', output: '6' },
      ],
    });
    // The task's own program is an answer that has been run.
    expect(executor.calls.map(({ inputs }) => inputs)).toEqual([['1', '2', '4', '3']]);
  });

  it('make one task in any order', async () => {
    const ids = [
      ['1', '2', '3', '4'],
      ['4', '3', '2', '1'],
      ['1', '2', '3', '5'],
    ].map(async (inputs) => {
      return taskOf(await validate(induction(inputs))).id;
    });
    const [first, turned, other] = await Promise.all(ids);
    expect(turned).toBe(first);
    expect(other).not.toBe(first);
  });

  const four = ['1', '2', '3', '4'];
  it.each([
    ['too_few_inputs', induction(['1', '2', '3']), {}],
    ['bad_input', induction(['1', '2', '3', 'x']), {}],
    ['duplicate', induction(['1', '2', '3', '0x1']), {}],
    ['duplicate', induction(four), { known: always }],
    ['too_long', induction(['1', '2', '3', '10**30']), {}],
    ['too_long', induction(four, 'x'.repeat(40_000)), {}],
    ['leak', induction(four, 'def f(y): y=y+3; return y'), {}],
    ['leak', induction(four, '3 gives 6 and 4 gives 7'), {}],
    ['unshowable', induction(four, 'see <think>'), {}],
    ['unshowable', induction(four, 'half \ud800'), {}],
    ['unshowable', induction(four, 'nothing \0'), {}],
    ['constant_output', induction(four), { executor: running(...thrice(ok('7'))) }],
    ['nondeterministic', induction(four), { executor: running(ok('1'), ok('2')) }],
  ] as [string, Proposal, Attempt][])('are rejected as %s: %j %j', async (reason, proposal, attempt) => {
    expect(await validate(proposal, attempt)).toMatchObject({ outcome: 'rejected', reason });
  });

  it('are rejected for the first input that has no value', async () => {
    const executor = new ScriptedExecutor((_, input) =>
      input === '3' ? thrice(raised('KeyError')) : thrice(ok(input)),
    );
    expect(await validate(induction(four), { executor })).toMatchObject({ outcome: 'rejected', reason: 'exception' });
  });

  it('are fewer and for a program without globals in seeds, where the caller says so', async () => {
    const program = `k = 1\n${PROGRAM}`;
    const seed = { ...induction(['1', '2']), program } as Proposal;
    const options = { inputs: { least: 2, most: Infinity }, strip: 'globals' } as const;
    expect(taskOf(await validatorOf({}).validate(seed, never, options)).program).toBe(PROGRAM);
    const one = await validatorOf({}).validate(induction(['1']), never, options);
    expect(one).toMatchObject({ outcome: 'rejected', reason: 'too_few_inputs' });
  });
});

describe('a response to a proposer’s prompt', () => {
  const rules = { banned: [], bannedKeywords: [], timeoutSeconds: 1 };
  const triplets: ProposerView = { type: 'abduction', references: [], rules };
  const inputs: ProposerView = { type: 'induction', program: PROGRAM, inputs: 4, rules };
  const respond = (view: ProposerView, text: string, finished = true) =>
    validatorOf({}).validateResponse(view, { text, finished }, never);

  it('is read as what was asked for', async () => {
    expect(await respond(triplets, `</think>${PROGRAM}<in>5`)).toMatchObject({
      outcome: 'accepted',
      task: { type: 'abduction', program: PROGRAM, input: '5', output: '8' },
    });
    expect(await respond(inputs, '</think>1<in>2<in>3<in>4')).toMatchObject({
      outcome: 'accepted',
      task: { type: 'induction', program: PROGRAM },
    });
  });

  it.each([
    ['truncated', triplets, `</think>${PROGRAM}<in>5`, false],
    ['malformed', triplets, PROGRAM, true],
    ['malformed', triplets, `</think>${PROGRAM}`, true],
    ['malformed', inputs, '1<in>2<in>3<in>4', true],
    ['truncated', inputs, '</think>1<in>2<in>3<in>4', false],
  ] as const)('is malformed as %s', async (reason, view, text, finished) => {
    expect(await respond(view, text, finished)).toMatchObject({ outcome: 'malformed', reason });
  });
});
