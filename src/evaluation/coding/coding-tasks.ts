import type { CodingView } from '../../domain/prompt';
import type { HumanEvalRow, MbppRow } from '../../task-files/coding-shapes';
import { Objection } from '../../verifier/objection';
import type { ProgramExecutor } from '../../verifier/ports';
import { readSource } from '../read-source';
import type { CodingTask } from './coding-task';
import { readAsserts, type Asserts } from './read-asserts';

export type CodingRow = HumanEvalRow | MbppRow;

/**
 * What a row of HumanEval or MBPP asks for.
 * @returns an objection where its texts are too long or do not compile, or its tests ask for nothing
 * @throws PartUnavailable
 */
export async function codingTask(executor: ProgramExecutor, row: CodingRow): Promise<CodingTask | Objection> {
  const tests = testsOf(row);
  const objection = await firstObjection(executor, row);
  if (objection) return objection;
  const tested = row.benchmark === 'humaneval' ? { entry: row.entry } : { solution: row.code };
  const asserts = await readAsserts(executor, { tests, tested });
  if (asserts instanceof Objection) return new Objection(asserts.reason, `its tests: ${asserts.detail}`);
  const { entry, pairs, isWhole } = asserts;
  return {
    id: row.id.startsWith('HumanEval') ? row.id : `${row.benchmark}/${row.id}`,
    type: 'coding',
    view: viewOf(row, asserts),
    preamble: row.benchmark === 'humaneval' ? await preambleOf(executor, row.prompt) : '',
    pairs,
    ...(!isWhole && { besideAnswer: row.benchmark === 'humaneval' ? `${tests}\ncheck(${entry})` : tests }),
  };
}

const testsOf = (row: CodingRow): string =>
  row.benchmark === 'humaneval' ? row.test : [row.setup, ...row.tests].join('\n');

async function firstObjection(executor: ProgramExecutor, row: CodingRow): Promise<Objection | undefined> {
  const fields = row.benchmark === 'humaneval' ? { test: row.test } : { code: row.code, test_list: testsOf(row) };
  for (const [name, text] of Object.entries(fields)) {
    const source = await readSource(executor, text);
    if (source instanceof Objection) return new Objection(source.reason, `${name}: ${source.detail}`);
  }
  return undefined;
}

/** MBPP's own prompt shows all tests; here the first is shown, which tells how the function is called. */
function viewOf(row: CodingRow, { entry }: Asserts): CodingView {
  if (row.benchmark === 'humaneval') return { form: 'completion', entry, source: row.prompt };
  return { form: 'instruction', entry, text: row.text, example: row.tests[0]!.trim() };
}

/** What is to be completed, where it is a program by itself: a function of nothing but a docstring is one. */
async function preambleOf(executor: ProgramExecutor, prompt: string): Promise<string> {
  return (await readSource(executor, prompt)) instanceof Objection ? '' : prompt;
}
