import { temporaryFiles } from '../../test/support/temporary-files';
import { textField } from '../task-files/fields';
import { readCaseFile } from './case-file';

const temporaryFile = temporaryFiles();
const read = (text: string) =>
  readCaseFile(temporaryFile('cases.jsonl', text), (row, id) => ({ id, name: textField(row, 'name') }));

describe('the lines of a case file', () => {
  it('are cases, in order', () => {
    expect(read('{"id": "a", "name": "x"}\n\n{"id": "b", "name": "y"}\n')).toEqual([
      { line: 1, case: { id: 'a', name: 'x' } },
      { line: 3, case: { id: 'b', name: 'y' } },
    ]);
  });

  it.each([
    ['no JSON', '{"id": "a",\n', { line: 1, id: 'line 1', reason: 'line 1: not JSON' }],
    ['no object', '["a"]\n', { line: 1, id: 'line 1', reason: 'line 1: not a JSON object' }],
    ['no id', '{"name": "x"}', { id: 'line 1', reason: 'line 1: id is missing; it must be a text that is not empty' }],
    ['an empty id', '{"id": ""}', { id: 'line 1', reason: 'line 1: id is "", not a text that is not empty' }],
    ['a number for an id', '{"id": 7}', { id: 'line 1', reason: 'line 1: id is 7, not a text that is not empty' }],
    ['no field', '{"id": "a"}', { id: 'a', reason: 'line 1: name is missing; it must be a text' }],
    ['another type', '{"id": "a", "name": 5}', { id: 'a', reason: 'line 1: name is 5, not a text' }],
  ])('that hold %s say so', (_, text, line) => {
    expect(read(text)).toEqual([expect.objectContaining(line)]);
  });

  it('do not keep the others when they are broken or cut off', () => {
    const lines = read('{"id": "a", "name": "x"}\n{"id"\n{"id": "b", "name": "y"}\n{"id": "c", "na');
    expect(lines.map((line) => ('case' in line ? line.case.id : line.reason))).toEqual([
      'a',
      'line 2: not JSON',
      'b',
      'line 4: not JSON; the file ends within this line, as if it were cut off',
    ]);
  });

  it('with the id of an earlier one name it, and count by themselves', () => {
    const [first, second] = read('{"id": "a", "name": "x"}\n{"id": "a", "name": "y"}');
    expect(first).toMatchObject({ case: { name: 'x' } });
    expect(second).toEqual({
      line: 2,
      id: 'line 2',
      reason: 'line 2: id is "a", which is the case of line 1; it must be its own',
    });
  });

  it('whose reader has a fault of its own are not blamed for it', () => {
    const broken = () => {
      throw new TypeError('a bug');
    };
    expect(() => readCaseFile(temporaryFile('cases.jsonl', '{"id": "a"}'), broken)).toThrow('a bug');
  });
});

it.each([
  ['is empty', '\n', /is empty/],
  ['is binary', '\0', /is binary/],
])('a case file that %s is refused by name', (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});

it('a case file that is absent is refused by name', () => {
  expect(() => readCaseFile('/nowhere/cases.jsonl', () => ({ id: '' }))).toThrow(
    /^\/nowhere\/cases\.jsonl cannot be read: /,
  );
});
