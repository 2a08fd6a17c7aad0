import { temporaryFiles } from '../../test/support/temporary-files';
import { heldOutBenchmarks } from './held-out-tasks';

const temporaryFile = temporaryFiles();
const triplet = { program: 'def f(x): return x', input: '1', output: '1' };
const induction = {
  type: 'induction',
  program: 'p',
  pairs: [
    ['1', '1'],
    ['2', '2'],
  ],
};
const read = (rows: object[], perType = 10) =>
  heldOutBenchmarks(temporaryFile('held.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')), perType);

describe('held-out tasks', () => {
  it('are the first of each type, each type a benchmark of its own', () => {
    const rows = [
      { type: 'abduction', ...triplet },
      { type: 'deduction', ...triplet },
      { type: 'deduction', ...triplet, input: '2' },
      { type: 'deduction', ...triplet, input: '3' },
      induction,
      { type: 'error', ...triplet, output: 'ValueError' },
    ];
    const benchmarks = read(rows, 2);
    expect(benchmarks.map(({ name, tasks }) => [name, tasks.map(({ id }) => id)])).toEqual([
      ['deduction', ['held-out/deduction/0', 'held-out/deduction/1']],
      ['abduction', ['held-out/abduction/0']],
      ['induction', ['held-out/induction/0']],
      ['error', ['held-out/error/0']],
    ]);
    expect(benchmarks[0]!.tasks[1]).toEqual({ id: 'held-out/deduction/1', type: 'deduction', ...triplet, input: '2' });
  });

  it.each([
    ['a deduction row', { type: 'deduction', ...triplet, output: 'object()' }, /output is not a value/],
    ['an abduction row', { type: 'abduction', ...triplet, output: '' }, /output is not a value/],
    ['a pair', { ...induction, pairs: [...induction.pairs, ['3', 'x']] }, /output is not a value/],
    [
      'an input',
      { ...induction, pairs: [...induction.pairs, ['g(3)', '3']] },
      /input is not an argument list of values/,
    ],
    ['too few pairs', { ...induction, pairs: [['1', '1']] }, /it has 1 pairs; .* it must have 2 or more/],
    ['another shape', { code: '', output: '' }, /unknown shape: it has the keys code, output; known shapes are/],
  ])('that cannot be scored are refused with file and line: %s', (_, row, message) => {
    const refused = () => read([{ type: 'deduction', ...triplet }, row]);
    expect(refused).toThrow(/held\.jsonl, line 2: /);
    expect(refused).toThrow(message);
  });
});
