import { writeFileSync } from 'node:fs';
import { temporaryFiles } from '../../test/support/temporary-files';
import { jsonLines, readJsonLines } from './json-lines';

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

  it('that are no text, or too long to be held, do not keep the others', () => {
    const long = `{"a": "${'x'.repeat(16 << 20)}"}`;
    const content = Buffer.concat([
      Buffer.from('{"a": 1}\n'),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{"a": "\0"}\n${long}\n{"a": 2}\n`),
    ]);
    expect(read(content)).toEqual([
      { line: 1, row: { a: 1 } },
      { line: 2, reason: 'not UTF-8 text' },
      { line: 3, reason: 'not UTF-8 text' },
      { line: 4, reason: 'longer than 16777216 bytes' },
      { line: 5, row: { a: 2 } },
    ]);
  });

  it('are found whatever lies at the borders of what is read at a time', () => {
    for (const length of [65_529, 65_530, 65_531, 131_063]) {
      const text = `${'x'.repeat(length - 1)}é`;
      expect(read(`{"a":"${text}"}\n{"b":"é"}`)).toEqual([
        { line: 1, row: { a: text } },
        { line: 2, row: { b: 'é' } },
      ]);
    }
  });

  it('are read as they are asked for', () => {
    const file = temporaryFile('lines.jsonl', '{"a": 1}\n'.repeat(100_000));
    const lines = jsonLines(file);
    expect(lines.next().value).toEqual({ line: 1, row: { a: 1 } });
    writeFileSync(file, '');
    // What was in memory is still there: one piece of the file, not the file.
    expect([...lines].length).toBeLessThan(10_000);
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
