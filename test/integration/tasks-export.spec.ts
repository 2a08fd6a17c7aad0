import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportTasks } from '../../src/cli/tasks';
import { withStore } from '../../src/control-plane/with-store';
import { TaskBuffer, type NewTask } from '../../src/domain/curriculum/task-buffer';
import { TASK_TYPES } from '../../src/domain/task/task';
import { readTaskFile } from '../../src/task-files/read-task-file';
import { makeHomeWithDatabase } from '../support/home-with-database';
import { eventually, processesNaming } from '../support/processes';
import { specWith } from '../support/specs';

const triplet = { program: "def f(x):\n    return x + '\u2028'", input: "'😀'", output: "'😀\\u2028'" };
const TASKS: NewTask[] = [
  { id: 'a', namelessId: 'an', type: 'deduction', ...triplet, solveRate: 0.25 },
  { id: 'b', namelessId: 'bn', type: 'abduction', ...triplet, solveRate: null },
  { id: 'c', namelessId: 'cn', type: 'error', ...triplet, output: 'TypeError', solveRate: 1 },
  {
    id: 'd',
    namelessId: 'dn',
    type: 'induction',
    program: triplet.program,
    pairs: [
      { input: "''", output: "'\\u2028'" },
      { input: "'a'", output: "'a\\u2028'" },
    ],
    message: 'adds a line separator',
    solveRate: 0,
  },
];

describe('azr tasks export', () => {
  let folder: string;
  let home: string;
  const written: string[] = [];

  /** A home with the run `full`, and the run `empty` that has no tasks yet. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azr-export-'));
    home = join(folder, 'home');
    await makeHomeWithDatabase(home);
    await withStore(home, async ({ runs, store }) => {
      for (const id of ['empty', 'full']) await runs.create({ id, spec: specWith(), budget: {} });
      const none = new TaskBuffer(0, [], 100);
      await store.saveSeeds('full', none.apply(0, none.plan(0, TASKS)));
    });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(() => {
    written.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  it('writes a file that gives back every task of the buffer', async () => {
    const out = join(folder, 'tasks.jsonl');
    await exportTasks('latest', { out, home, json: true });
    expect(JSON.parse(written.join(''))).toEqual({
      ...{ runId: 'full', step: 0, file: out },
      tasks: { deduction: 1, abduction: 1, induction: 1, error: 1 },
    });
    const { rows, refused } = readTaskFile(out, TASK_TYPES);
    expect(refused).toEqual([]);
    expect(rows.map(({ line: _, ...row }) => row)).toEqual(
      TASKS.map(({ id: _, namelessId: _nameless, solveRate, ...task }) => ({
        ...task,
        ...(solveRate !== null && { solveRate }),
      })),
    );
  }, 60_000);

  it('says what it wrote to a person', async () => {
    const out = join(folder, 'tasks.jsonl');
    await exportTasks('full', { out, home, json: false });
    expect(written.join('')).toBe(
      `4 tasks of run full after step 0 (1 deduction, 1 abduction, 1 induction, 1 error) are in ${out}\n`,
    );
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(TASKS.length + 1);
  }, 60_000);

  it('names the runs that there are where the one that is asked for is not', async () => {
    const out = join(folder, 'none.jsonl');
    await expect(exportTasks('nobody', { out, home, json: false })).rejects.toThrow(
      'there is no run "nobody" in this home; its runs, newest first, are full, empty; latest names the first of them',
    );
    expect(readdirSync(folder)).not.toContain('none.jsonl');
  }, 60_000);

  it('refuses a run without tasks, a file that cannot be and a home without runs; nothing runs on', async () => {
    const out = join(folder, 'none.jsonl');
    await expect(exportTasks('empty', { out, home, json: false })).rejects.toThrow('run empty has no tasks yet');
    const nowhere = { out: '/nowhere/tasks.jsonl', home, json: false };
    await expect(exportTasks('full', nowhere)).rejects.toThrow('/nowhere/tasks.jsonl cannot be written');
    const elsewhere = join(folder, 'elsewhere');
    await expect(exportTasks('full', { out, home: elsewhere, json: false })).rejects.toThrow(
      `home ${elsewhere} holds no runs`,
    );
    expect(readdirSync(folder)).not.toContain('elsewhere');
    expect(await eventually(() => processesNaming(home).length === 0, 10_000)).toBe(true);
  }, 60_000);
});
