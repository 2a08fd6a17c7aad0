import { temporaryFiles } from '../../test/support/temporary-files';
import { readJsonLines } from './json-lines';

const temporaryFile = temporaryFiles();
const read = (content: string | Buffer) => readJsonLines(temporaryFile('lines.jsonl', content));

describe('the lines of a JSONL file', () => {
  it('keep their numbers when some are blank, and end at line feeds alone', () => {
    expect(read('\uFEFF{"a": "\u2028"}\r\n\n  \n{"b": 2}')).toEqual([
      { line: 1, row: { a: '\u2028' } },
      { line: 4, row: { b: 2 } },
    ]);
  });

  it('that hold no object say why', () => {
    expect(read('{"a": \n[1]\nnull\n')).toEqual([
      { line: 1, reason: 'not JSON' },
      { line: 2, reason: 'not a JSON object' },
      { line: 3, reason: 'not a JSON object' },
    ]);
  });

  it('say so where the file was cut off within the last of them', () => {
    expect(read('{"a": 1}\n{"a": "b')[1]).toEqual({
      line: 2,
      reason: 'not JSON; the file ends within this line, as if it were cut off',
    });
  });

  it.each([
    ['is empty', '', /lines\.jsonl is empty; it must hold one JSON object a line$/],
    ['has nothing but blanks', '\n  \n', /is empty/],
    ['is no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /is binary; it must be UTF-8 text/],
    ['has NUL bytes', Buffer.from('PK\0\0'), /is binary/],
  ])('of a file that %s are refused by name', (_, content, message) => {
    expect(() => read(content)).toThrow(message);
  });

  it('of a file that is not there, or is a folder, are refused by name', () => {
    expect(() => readJsonLines('/nowhere.jsonl')).toThrow(/^\/nowhere\.jsonl cannot be read: .*ENOENT/);
    expect(() => readJsonLines('/')).toThrow(/^\/ cannot be read: it is no regular file/);
  });
});
