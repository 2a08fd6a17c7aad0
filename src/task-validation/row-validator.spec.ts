import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { temporaryFiles } from '../../test/support/temporary-files';
import type { ProgramRun } from '../verifier/ports';
import type { RowVerdict } from './row-verdict';
import { validateTaskFile } from './validate-task-file';
import { ValidationCounts } from './validation-counts';

const temporaryFile = temporaryFiles();
const fileOf = (...rows: unknown[]) =>
  temporaryFile('rows.jsonl', rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));

async function judge(file: string, executor = new ScriptedExecutor()): Promise<RowVerdict[]> {
  const verdicts: RowVerdict[] = [];
  for await (const verdict of validateTaskFile(file, executor)) verdicts.push(verdict);
  return verdicts;
}

const plus = (n: number) => `def f(x): return x+${n}`;
const own = (type: string, output = '2') => ({ type, program: plus(1), input: '1', output });
const induction = {
  type: 'induction',
  program: plus(1),
  pairs: [
    ['1', '2'],
    ['2', '3'],
  ],
  message: 'more',
};
const seed = { snippet: plus(1), input: '1', output: '2', imports: [] };
const inductionSeed = { snippet: plus(1), inputs: ['1', '2'], outputs: ['2', '3'], message: 'more', imports: [] };

describe('the rows of a task file', () => {
  it('of every shape have a verdict, with the outputs that were found', async () => {
    const rows = [own('deduction'), own('abduction'), induction, seed, inductionSeed];
    expect(await judge(fileOf(...rows))).toEqual([
      { line: 1, types: ['deduction'], outcome: 'accepted', gold: ['2'] },
      { line: 2, types: ['abduction'], outcome: 'accepted', gold: ['2'] },
      { line: 3, types: ['induction'], outcome: 'accepted', gold: ['2', '3'] },
      { line: 4, types: ['deduction', 'abduction'], outcome: 'accepted', gold: ['2'] },
      { line: 5, types: ['induction'], outcome: 'accepted', gold: ['2', '3'] },
    ]);
  });

  it('are judged with the imports that stand beside a snippet', async () => {
    const executor = new ScriptedExecutor();
    await judge(fileOf({ ...seed, imports: ['import math'] }), executor);
    expect(executor.calls.every(({ program }) => program === `import math\n${plus(1)}`)).toBe(true);
  });

  it('have a verdict in their order, whichever is known first', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? own('deduction') : '{'));
    const verdicts = await judge(fileOf(...rows));
    expect(verdicts.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 1));
  });

  it.each<[string, unknown, object]>([
    [
      'whose output is another one',
      own('deduction', '3'),
      { reason: 'unverifiable', detail: 'the output is 3, and the program gives 2' },
    ],
    [
      'whose output is none',
      { ...seed, output: '' },
      { reason: 'unverifiable', detail: expect.stringContaining('empty') },
    ],
    ['of induction with one input', { ...inductionSeed, inputs: ['1'], outputs: ['2'] }, { reason: 'too_few_inputs' }],
    ['whose input is an expression', { ...seed, input: "''.join(['1'])" }, { reason: 'bad_input' }],
    ['with a banned import', { ...seed, imports: ['import os'] }, { reason: 'banned', detail: 'import of os' }],
    ['with a program of 10 MB', { ...seed, snippet: `${plus(1)} # ${'x'.repeat(10 << 20)}` }, { reason: 'too_long' }],
    [
      'with 1001 pairs',
      { ...induction, pairs: Array.from({ length: 1_001 }, (_, i) => [`${i}`, `${i + 1}`]) },
      { reason: 'too_long' },
    ],
    ['that is no JSON', '{"type": "deduction",', { reason: 'malformed', types: [], detail: 'not JSON' }],
    [
      'with a field of another type',
      own('deduction', 2 as never),
      { reason: 'malformed', detail: 'output is 2, not a text' },
    ],
    [
      'without a field',
      { ...own('error'), input: undefined },
      { reason: 'malformed', detail: 'input is missing; it must be a text' },
    ],
    [
      'of no known shape',
      { question: '?' },
      { reason: 'malformed', detail: expect.stringMatching(/unknown shape: .*\{"code", "input", "output"\}$/) },
    ],
    [
      'of CRUXEval with another field',
      { code: plus(1), input: 1, output: '2' },
      { reason: 'malformed', detail: 'input is 1, not a text' },
    ],
  ])('%s are rejected, and the rest goes on', async (_, row, expected) => {
    const verdicts = await judge(fileOf(own('deduction'), row, own('abduction')));
    expect(verdicts).toMatchObject([
      { outcome: 'accepted' },
      { line: 2, outcome: 'rejected', ...expected },
      { line: 3, outcome: 'accepted' },
    ]);
  });

  it('say so where the file was cut off within the last of them', async () => {
    const verdicts = await judge(fileOf(seed, '{"snippet": "def f(x'));
    expect(verdicts[1]).toMatchObject({ line: 2, reason: 'malformed', detail: expect.stringContaining('cut off') });
  });

  it('are scored once more when they are accepted', async () => {
    // Its value changes once the row was accepted: the run of validation, and then another one.
    const values = ['2', '7'];
    const fickle = new ScriptedExecutor((): ProgramRun[] => {
      const output = values.shift()!;
      return [1, 2, 3].map(() => ({ status: 'ok', output }));
    });
    expect(await judge(fileOf(own('abduction')), fickle)).toEqual([
      {
        ...{ line: 1, types: ['abduction'], outcome: 'accepted', gold: ['2'] },
        inconsistent: 'abduction: wrong_value, the value is another one',
      },
    ]);
    expect(values).toEqual([]);
  });

  it('are counted as accepted or under one reason', async () => {
    const rows = [seed, '{', own('deduction', '3'), inductionSeed, '[]', { ...seed, output: '' }];
    const counts = new ValidationCounts();
    for (const verdict of await judge(fileOf(...rows))) counts.add(verdict);
    counts.add({ line: 7, types: ['abduction'], outcome: 'accepted', gold: ['2'], inconsistent: 'wrong_value' });
    expect(counts).toEqual({ rows: 7, accepted: 3, rejected: { malformed: 2, unverifiable: 2 }, inconsistent: 1 });
  });
});
