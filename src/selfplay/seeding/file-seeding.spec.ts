import { MemoryLedger } from '../../../test/support/scripted-step';
import { ScriptedExecutor } from '../../../test/support/scripted-executor';
import { ScriptedPool } from '../../../test/support/scripted-pool';
import { specWith } from '../../../test/support/specs';
import type { TaskBuffer } from '../../domain/curriculum/task-buffer';
import { compact } from '../../domain/prompt/compact';
import { ProposalValidator } from '../../verifier/proposal-validator';
import type { RunObserver } from '../ports';
import type { TaskRow } from '../task-row';
import type { SeedFile } from './seed-file';
import { seedBuffer } from './seeding';

const row = (
  line: number,
  program: string,
  output: string,
  type: 'deduction' | 'abduction' = 'deduction',
): TaskRow => ({
  ...{ type, program, input: '1', output, line },
});
const plus = (n: number) => `def f(x): return x+${n}`;
const file = (name: string, rows: TaskRow[], refused: SeedFile['refused'] = []): SeedFile => ({ name, rows, refused });
const SHIPPED = file('shipped', [
  row(1, plus(50), '51'),
  row(2, plus(51), '52'),
  row(3, plus(52), '53', 'abduction'),
  row(4, plus(53), '54', 'abduction'),
]);

const seed = async (chosen: SeedFile, { contextTokens = 1_000, sets = [] as string[] } = {}) => {
  const spec = specWith('rollout.maxTokens=100', ...sets);
  const notes: string[] = [];
  const observer = { note: (message: string) => notes.push(message) } as unknown as RunObserver;
  const pool = new ScriptedPool(() => ({ text: '' }), contextTokens);
  const measure = pool.measure.bind(pool);
  pool.measure = async (text) =>
    text.includes('foreign') ? { ...(await measure(text)), tokens: text.length } : measure(text);
  const validator = new ProposalValidator(new ScriptedExecutor(), compact, spec);
  const seedFiles = { chosen, shipped: SHIPPED };
  const parts = { pool, validator, observer, seedFiles };
  const buffer = (await seedBuffer(spec, parts, new MemoryLedger(), () => true)) as TaskBuffer;
  return { programs: buffer.tasks.map(({ program }) => program), tasks: buffer.tasks, notes };
};

describe('seeds from a file', () => {
  it('pass the gate that proposals pass; what does not is left out and named by line and reason', async () => {
    const rows = [
      row(1, plus(1), '2'),
      row(2, 'def f(x?): return x', '1'),
      row(3, plus(2), '4'),
      row(4, plus(1), '2'),
      row(5, plus(3), 'f('),
      row(7, plus(4), '5'),
    ];
    const { programs, tasks, notes } = await seed(file('mine', rows, [{ line: 6, reason: 'not JSON' }]));
    expect(programs.slice(0, 2)).toEqual([plus(1), plus(4)]);
    expect(tasks[0]).toMatchObject({ input: '1', output: '2', admittedStep: 0, solveRate: null, uses: 0 });
    expect(notes.slice(0, 6)).toEqual([
      'mine, line 6 is left out: not JSON',
      expect.stringContaining('mine, line 2 is left out: syntax_error'),
      'mine, line 3 is left out: unverifiable (the output is 4, and the program gives 3)',
      'mine, line 5 is left out: unverifiable (the output is f(, and the program gives 4)',
      'mine: 1 tasks are left out: another row is the same task',
      'mine: 2 of 7 tasks are seeds (2 deduction, 0 abduction, 0 induction, 0 error)',
    ]);
  });

  it('that are too long for the context are counted, and references come from the shipped ones', async () => {
    const long = row(1, `${plus(1)} #${'x'.repeat(600)}`, '2');
    const { programs, notes } = await seed(file('mine', [long]), { contextTokens: 260 });
    expect(programs).toEqual([plus(50), plus(51), plus(52), plus(53)]);
    expect(notes).toContain("mine: 1 tasks are left out: too long for the policy's context");
    expect(notes).toContain('references of deduction and abduction come from the shipped seed tasks as well');
  });

  it('that the tokenizer spells out byte by byte are counted, and stay out of prompts', async () => {
    const { programs, notes } = await seed(file('mine', [row(1, `${plus(1)} # foreign`, '2'), row(2, plus(2), '3')]));
    expect(programs.slice(0, 2)).toEqual([plus(2), plus(50)]);
    expect(notes).toContain("mine: 1 tasks are left out: spelled out byte by byte by the policy's tokenizer");
  });

  it('are those of the types that the run has', async () => {
    const sets = ['proposer.proposals={deduction: 4, abduction: 0, induction: 0, error: 0}'];
    const { tasks } = await seed(SHIPPED, { sets });
    expect(tasks.map(({ type }) => type)).toEqual(['deduction', 'deduction']);
  });

  it('of induction need two pairs, and all their outputs must be right', async () => {
    const pairs = (...outputs: string[]) => outputs.map((output, i) => ({ input: String(i), output }));
    const induction = (line: number, ...outputs: string[]): TaskRow => ({
      ...{ type: 'induction', program: plus(1), pairs: pairs(...outputs), message: '', line },
    });
    const rows = [...SHIPPED.rows, induction(5, '1', '2'), induction(6, '1'), induction(7, '1', '2', '9')];
    const { tasks, notes } = await seed(file('mine', rows));
    expect(tasks.filter(({ type }) => type === 'induction')).toMatchObject([{ pairs: pairs('1', '2') }]);
    expect(notes).toContainEqual(expect.stringMatching(/line 6 is left out: too_few_inputs/));
    const why = 'unverifiable (pair 3: the output is 9, and the program gives 3)';
    expect(notes).toContain(`mine, line 7 is left out: ${why}`);
  });

  it('tell of a buffer that holds fewer than the references that are asked for', async () => {
    const { notes } = await seed(SHIPPED, { sets: ['proposer.references=3'] });
    expect(notes).toContainEqual(expect.stringMatching(/holds 2 deduction tasks: .*proposer\.references \(3\)/));
  });

  it('must hold one that can be used', async () => {
    const sets = ['proposer.proposals={deduction: 0, abduction: 0, induction: 0, error: 4}'];
    await expect(seed(file('mine', [row(1, plus(1), '2')]), { sets })).rejects.toThrow(
      'curriculum.seeding.tasks: none of the tasks in mine can be used as a seed',
    );
  });
});
