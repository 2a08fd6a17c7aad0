import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { TASK_TYPES, type TripletType } from '../domain/task/task';
import { readTaskFile } from './read-task-file';
import { writeTaskFile, type WrittenTask } from './write-task-file';

describe('a task file that is written', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'azr-tasks-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const pathTo = (name: string) => join(folder, name);

  const task: WrittenTask = { id: 'a', type: 'deduction', program: 'def f(x): return x', input: '1', output: '1' };
  const failing = function* (): Generator<WrittenTask> {
    yield task;
    throw new Error('the source is gone');
  };

  it('gives back every task, whatever its texts hold', () => {
    // Any code unit, lone surrogates and line separators among them.
    const odd = fc.constantFrom(
      '\n',
      '\r\n',
      '\u2028',
      '\u2029',
      '\u0085',
      '\0',
      '\ud800',
      '\udc00',
      '\u{1f600}',
      '\ufeff',
    );
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: 'binary' })), { maxLength: 4 })
      .map((parts) => parts.join(''));
    const solveRate = fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((rate) => rate + 0));
    const types = TASK_TYPES.filter((type): type is TripletType => type !== 'induction');
    const pair = fc.record({ input: text, output: text });
    const tasks = fc.array(
      fc.oneof(
        fc.record({ type: fc.constantFrom(...types), program: text, input: text, output: text, solveRate }),
        fc.record({
          type: fc.constant('induction' as const),
          program: text,
          pairs: fc.array(pair),
          message: text,
          solveRate,
        }),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(tasks, (written) => {
        writeTaskFile(
          pathTo('tasks.jsonl'),
          written.map((row, i) => ({ ...row, id: `${i}` })),
        );
        const { rows, refused } = readTaskFile(pathTo('tasks.jsonl'), TASK_TYPES);
        expect(refused).toEqual([]);
        const read = rows.map(({ line: _, ...row }) => ({ ...row, solveRate: row.solveRate ?? null }));
        expect(read).toEqual(written);
      }),
      { seed: 1 },
    );
  });

  it('takes the place of the one before it, through a link too, and leaves nothing else', () => {
    writeFileSync(pathTo('tasks.jsonl'), 'old');
    symlinkSync(pathTo('tasks.jsonl'), pathTo('link'));
    writeTaskFile(pathTo('link'), [task]);
    expect(readFileSync(pathTo('tasks.jsonl'), 'utf8')).toMatch(/^\{"type":"deduction".*\}\n$/);
    expect(readdirSync(folder).sort()).toEqual(['link', 'tasks.jsonl']);
  });

  it('leaves the one before it as it was when writing fails, and nothing else', () => {
    writeFileSync(pathTo('tasks.jsonl'), 'old');
    expect(() => writeTaskFile(pathTo('tasks.jsonl'), failing())).toThrow('the source is gone');
    expect(readFileSync(pathTo('tasks.jsonl'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['tasks.jsonl']);
  });

  it.each(['/nowhere/tasks.jsonl', '/dev/null', '/'])('is refused by name where it cannot be: %s', (file) => {
    expect(() => writeTaskFile(file, [task])).toThrow(`${file} cannot be written`);
  });
});
