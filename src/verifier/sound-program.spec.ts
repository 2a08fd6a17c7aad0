import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { Objection } from './objection';
import type { ProgramAnalysis } from './ports';
import { soundProgram, STRIPPINGS } from './sound-program';

const PROGRAM = 'k = 1\ndef f(x): # adds\n return x+1';

/** @param rename what to say of a program beside the plain reading */
function reading(rename?: (program: string) => Partial<ProgramAnalysis>) {
  const executor = new ScriptedExecutor(undefined, rename);
  return (program: string): Promise<ProgramAnalysis> => executor.analyze(program);
}

describe('a sound program', () => {
  it.each([
    ['none', PROGRAM],
    ['comments', 'k = 1\ndef f(x):\n return x+1'],
    ['globals', 'def f(x):\n return x+1'],
  ] as const)('is stripped of %s before all else', async (stripping, source) => {
    const program = await soundProgram(reading(), PROGRAM, STRIPPINGS[stripping]);
    expect(program).toMatchObject({ source, analysis: { canonical: source.replaceAll(' ', '') } });
  });

  it('is read again once its entry function was renamed', async () => {
    const rename = (program: string) => ({ entryProgram: program.replace('def g', 'def f') });
    const program = await soundProgram(reading(rename), 'def g(x): return x');
    expect(program).toMatchObject({ source: 'def f(x): return x', analysis: { canonical: 'deff(x):returnx' } });
  });

  it.each([
    ['syntax_error', 'def f(x?): return x', 'none'],
    ['syntax_error', 'def f(x): return "\ud800"', 'none'],
    ['no_entry_function', 'x = 1', 'none'],
    ['no_entry_function', 'k = def f(\nx = 2', 'globals'],
    ['banned', 'import os\ndef f(x): return x', 'none'],
    ['banned', 'import decimal\ndef f(x): return x', 'none'],
    ['too_long', `def f(x): return x#${'x'.repeat(70_000)}`, 'none'],
  ] as const)('is refused as %s: %j stripped of %s', async (reason, text, stripping) => {
    const program = await soundProgram(reading(), text, STRIPPINGS[stripping], ['decimal']);
    expect(program).toBeInstanceOf(Objection);
    expect(program).toMatchObject({ reason });
  });
});
