import { temporaryFiles } from '../../test/support/temporary-files';
import { cruxevalBenchmarks } from './cruxeval';

const temporaryFile = temporaryFiles();
const row = (id: string, rest: object = {}) => ({
  code: 'def f(x):\n    return x + 1',
  input: '1',
  output: '2',
  id,
  ...rest,
});
const fileOf = (...rows: unknown[]) => temporaryFile('crux.jsonl', rows.map((one) => JSON.stringify(one)).join('\n'));

/** The tasks of a file by benchmark, and what was noted. */
function read(file: string, count = 0) {
  const notes: string[] = [];
  const benchmarks = cruxevalBenchmarks(file, count, (message) => notes.push(message));
  return { ...Object.fromEntries(benchmarks.map(({ name, tasks }) => [name, tasks])), notes };
}

describe('CRUXEval', () => {
  it('asks for the output of a row, and for an input', () => {
    const program = 'def f(x):\n    return x + 1';
    expect(read(fileOf(row('sample_0')))).toEqual({
      'cruxeval-output': [{ id: 'cruxeval-output/sample_0', type: 'deduction', program, input: '1', output: '2' }],
      'cruxeval-input': [{ id: 'cruxeval-input/sample_0', type: 'abduction', program, input: '1', output: '2' }],
      notes: [],
    });
  });

  it('takes inputs that are expressions and no values', () => {
    const input = '[0, 3], lambda x: x < 2';
    expect(read(fileOf(row('a', { input })))).toMatchObject({ 'cruxeval-output': [{ input }], notes: [] });
  });

  it('names a row without an id by its line', () => {
    const found = read(fileOf(row('a'), row('b', { id: undefined })));
    expect(found).toMatchObject({ 'cruxeval-input': [{ id: 'cruxeval-input/a' }, { id: 'cruxeval-input/line-2' }] });
  });

  it('leaves out rows whose output is not a value, from both, and says how many', () => {
    const found = read(fileOf(row('a'), row('b', { output: '<object at 0x1>' }), row('c')));
    const ids = (name: string) => [`${name}/a`, `${name}/c`].map((id) => ({ id }));
    expect(found).toMatchObject({
      'cruxeval-output': ids('cruxeval-output'),
      'cruxeval-input': ids('cruxeval-input'),
      notes: ['CRUXEval: 1 of 3 rows are left out, their output is not a value'],
    });
  });

  it('reads no further than it is asked to', () => {
    expect(read(fileOf(row('a'), row('b'), 'broken'), 2)).toMatchObject({ 'cruxeval-input': [{}, {}] });
  });

  it.each([
    [
      { question: '', answer: '' },
      /unknown shape: it has the keys question, answer; the known shape is \{"code", "input", "output"\}/,
    ],
    [row('b', { input: 1 }), /input is 1, not a text/],
    [row('b', { id: 7 }), /id is 7, not a text/],
    [[1], /not a JSON object/],
  ])('with the row %j is an error that names file and line', (broken, message) => {
    const refused = () => read(fileOf(row('a'), broken));
    expect(refused).toThrow(/crux\.jsonl, line 2: /);
    expect(refused).toThrow(message);
  });
});
