import { temporaryFiles } from '../../test/support/temporary-files';
import { readTaskFile } from './task-file';

const row = { type: 'deduction', program: 'def f(x): return x', input: '1', output: '1' };
const temporaryFile = temporaryFiles();
const fileOf = (...lines: string[]) => temporaryFile('tasks.jsonl', lines.join('\n'));
const read = (...lines: string[]) => readTaskFile(fileOf(...lines), ['deduction']);

describe('a task file', () => {
  it('gives the rows of the wanted types with their lines', () => {
    const other = JSON.stringify({ type: 'induction', program: '', pairs: [] });
    expect(read(other, '', JSON.stringify(row))).toEqual([{ ...row, line: 3 }]);
  });

  it.each([
    ['{"type": "deduction"', 'line 2: not JSON'],
    ['[1]', 'line 2: not a JSON object'],
    ['{"type": "riddle"}', 'line 2: type is "riddle", not one of deduction, abduction, induction'],
    [JSON.stringify({ ...row, input: 1 }), 'line 2: input is 1, not a text'],
  ])('with the line %s is refused: %s', (line, message) => {
    expect(() => read(JSON.stringify(row), line)).toThrow(message);
  });

  it('that is not there, or holds no task of the type, is refused by name', () => {
    expect(() => readTaskFile('/nowhere.jsonl', ['deduction'])).toThrow('/nowhere.jsonl cannot be read');
    expect(() => read('')).toThrow('there is no task of type deduction');
  });
});
