import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { compact } from '../domain/prompt/compact';
import { ProposalValidator } from '../verifier/proposal-validator';
import { seedBuffer } from './seed-buffer';

const validator = new ProposalValidator(new ScriptedExecutor(), compact, {
  ...{ timeoutMs: 1, memoryMib: 32, outputBytes: 9, inputLength: 9 },
});
const row = (line: number, program: string, output: string) => ({
  ...{ type: 'deduction' as const, program, input: '1', output },
  line,
});

describe('the seeds of a run', () => {
  it('pass the gate that proposals pass; what does not is left out and named', async () => {
    const notes: string[] = [];
    const rows = [
      row(1, 'def f(x): return x+1', '2'),
      row(2, 'def f(x?): return x', '1'),
      row(3, 'def f(x): return x+2', '4'),
      row(4, 'def f(x):  return x+1', '2'),
      row(5, 'def f(x): return x+3', 'f('),
    ];
    const buffer = await seedBuffer(rows, 10, validator, (note) => notes.push(note));
    expect(buffer.tasks).toMatchObject([{ program: 'def f(x): return x+1', input: '1', output: '2', admittedStep: 0 }]);
    expect(notes).toEqual([
      expect.stringContaining('line 2 is left out: syntax_error'),
      expect.stringContaining('line 3 is left out: its output is not what its program gives'),
      expect.stringContaining('line 4 is left out: duplicate'),
      expect.stringContaining('line 5 is left out: its output is not what its program gives'),
    ]);
  });

  it('must hold one that passes', async () => {
    await expect(seedBuffer([row(1, 'x', '1')], 10, validator, () => undefined)).rejects.toThrow('none of 1');
  });
});
