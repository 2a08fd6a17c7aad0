import { nameField, textField, textsField, wrongField } from './fields';
import type { JsonObject } from './json-lines';
import { has, type RowShape } from './row-shape';

/** A row of HumanEval (arXiv 2107.03374). */
export interface HumanEvalRow {
  benchmark: 'humaneval';
  /** Such as `HumanEval/0`. */
  id: string;
  /** Python source that ends where the function's body begins. */
  prompt: string;
  /** Name of the function. */
  entry: string;
  /** Python source that defines `check(candidate)`. */
  test: string;
}

/** A row of MBPP (arXiv 2108.07732), or of its sanitized part, which calls some fields otherwise. */
export interface MbppRow {
  benchmark: 'mbpp';
  id: string;
  /** What the function has to do, in words. */
  text: string;
  /** Python source of a solution. */
  code: string;
  /** Statements, asserts as a rule. */
  tests: string[];
  /** Python source that the tests need beside the answer; empty where they need none. */
  setup: string;
}

export const CODING_SHAPES: readonly RowShape<HumanEvalRow | MbppRow>[] = [
  {
    form: '{"task_id", "prompt", "entry_point", "test", "canonical_solution"}',
    fits: (row) => has(row, 'prompt', 'entry_point', 'test'),
    read: (row) => ({
      benchmark: 'humaneval',
      id: nameField(row, 'task_id'),
      prompt: textField(row, 'prompt'),
      entry: identifierField(row, 'entry_point'),
      test: textField(row, 'test'),
    }),
  },
  {
    form: '{"task_id", "text", "code", "test_list"}',
    fits: (row) => has(row, 'test_list'),
    read: (row) => ({
      benchmark: 'mbpp',
      id: nameField(row, 'task_id'),
      text: textField(row, has(row, 'text') ? 'text' : 'prompt'),
      code: textField(row, 'code'),
      tests: textsField(row, 'test_list'),
      setup: [
        ...(has(row, 'test_imports') ? textsField(row, 'test_imports') : []),
        ...(has(row, 'test_setup_code') ? [textField(row, 'test_setup_code')] : []),
      ].join('\n'),
    }),
  },
];

function identifierField(row: JsonObject, field: string): string {
  const name = textField(row, field);
  if (/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)) return name;
  throw wrongField(field, name, 'the name of a function');
}
