import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { compact } from '../domain/prompt/compact';
import type { ProgramRun } from './ports';
import { ProposalValidator } from './proposal-validator';

const limits = { timeoutMs: 1_000, memoryMib: 64, outputBytes: 400, inputLength: 20 };
const program = 'def f(x):\n x=x+3\n return x';
const never = () => false;

const validate = (executor: ScriptedExecutor, input = '5', source = program, known: (id: string) => boolean = never) =>
  new ProposalValidator(executor, compact, limits).validate({ type: 'deduction', program: source, input }, known);

const running = (...runs: ProgramRun[]) => new ScriptedExecutor(() => runs);
const ok = (output: string): ProgramRun => ({ status: 'ok', output });

describe('a proposal', () => {
  it('becomes a task with the output that the executor found, in canonical form', async () => {
    const validation = await validate(running(ok('{2,1}'), ok('{1, 2}'), ok('{1,2}')), ' 0x10 ,');
    expect(validation).toMatchObject({ outcome: 'accepted', task: { program, input: '16', output: '{1, 2}' } });
  });

  it('has one identity whatever its comments, spacing and spelling of the input', async () => {
    const first = await validate(new ScriptedExecutor(), '5');
    const second = await validate(new ScriptedExecutor(), '0x5', 'def f(x):\n x = x + 3\n return x');
    expect(first).toMatchObject({ outcome: 'accepted' });
    if (first.outcome !== 'accepted' || second.outcome !== 'accepted') throw new Error('not accepted');
    expect(second.task.id).toBe(first.task.id);
  });

  it.each([
    ['bad_input', () => validate(new ScriptedExecutor(), 'open("x")')],
    ['syntax_error', () => validate(new ScriptedExecutor(), '5', 'def f(x?): return x')],
    ['no_entry_function', () => validate(new ScriptedExecutor(), '5', 'x = 1')],
    ['banned', () => validate(new ScriptedExecutor(), '5', 'import os\ndef f(x): return x')],
    ['duplicate', () => validate(new ScriptedExecutor(), '5', program, () => true)],
    ['nondeterministic', () => validate(running(ok('1'), ok('1'), ok('2')))],
    ['nondeterministic', () => validate(running(ok('1'), ok('1.0'), ok('1')))],
    ['invalid_output', () => validate(running(ok('<object>'), ok('<object>')))],
    ['exception', () => validate(running(ok('1'), { status: 'exception', detail: 'ValueError' }))],
    ['timeout', () => validate(running({ status: 'timeout', detail: '' }))],
    ['no_result', () => validate(running({ status: 'violation', detail: '' }))],
    ['no_result', () => validate(running())],
    ['too_long', () => validate(new ScriptedExecutor(), '10**30')],
    ['too_long', () => validate(new ScriptedExecutor(), '1', `${program}#${'x'.repeat(70_000)}`)],
    ['unshowable', () => validate(running(ok('1'), ok('1'), ok('1')), "'\\x3cthink>'")],
    ['unshowable', () => validate(running(ok("'</think>'"), ok("'</think>'"), ok("'</think>'")))],
    ['unshowable', () => validate(running(ok("'<|end|>'"), ok("'<|end|>'"), ok("'<|end|>'")))],
  ])('is rejected as %s', async (reason, attempt) => {
    expect(await attempt()).toMatchObject({ outcome: 'rejected', reason });
  });

  it('is malformed when it was cut off or does not parse', async () => {
    const validator = new ProposalValidator(new ScriptedExecutor(), compact, limits);
    const text = `</think>${program}<in>5`;
    expect(await validator.validateResponse('deduction', { text, finished: false }, never)).toMatchObject({
      outcome: 'malformed',
      reason: 'truncated',
    });
    expect(await validator.validateResponse('deduction', { text: program, finished: true }, never)).toMatchObject({
      outcome: 'malformed',
      reason: 'malformed',
    });
    expect(await validator.validateResponse('deduction', { text, finished: true }, never)).toMatchObject({
      outcome: 'accepted',
    });
  });
});
