import { AzrError } from '../domain/errors';
import { TASK_TYPES, type Pair, type TaskType, type TripletType } from '../domain/task/task';
import type { InductionRow, TripletRow } from '../selfplay/task-row';
import { textField, textsField, wrongField } from './fields';
import type { JsonObject } from './json-lines';
import { has, type RowShape } from './row-shape';

/** A row that has not been given its line yet. */
export type LooseRow = Omit<TripletRow, 'line'> | Omit<InductionRow, 'line'>;

/** Our own two shapes of tasks, and those of the seed files that were released with AZR (arXiv 2505.03335). */
export const TASK_SHAPES: readonly RowShape<LooseRow[]>[] = [
  {
    form: '{"type": "induction", "program", "pairs": [[input, output], …], "message"}',
    fits: ({ type }) => type === 'induction',
    read: (row) => [
      {
        type: 'induction',
        program: textField(row, 'program'),
        pairs: pairsOf(row),
        message: has(row, 'message') ? textField(row, 'message') : '',
        ...solveRateOf(row),
      },
    ],
  },
  {
    form: '{"type": "deduction" | "abduction" | "error", "program", "input", "output"}',
    fits: (row) => has(row, 'type'),
    read: (row) => [
      { type: tripletType(row), program: textField(row, 'program'), ...pairOf(row), ...solveRateOf(row) },
    ],
  },
  {
    form: '{"snippet", "inputs", "outputs", "message", "imports"}',
    fits: (row) => has(row, 'snippet', 'inputs'),
    read: (row) => [
      {
        type: 'induction',
        program: snippetOf(row),
        pairs: zipped(textsField(row, 'inputs'), textsField(row, 'outputs')),
        message: has(row, 'message') ? textField(row, 'message') : '',
      },
    ],
  },
  {
    // A released triplet starts the buffers of both types.
    form: '{"snippet", "input", "output", "imports"}',
    fits: (row) => has(row, 'snippet'),
    read: (row) => {
      const triplet = { program: snippetOf(row), ...pairOf(row) };
      return [
        { type: 'deduction', ...triplet },
        { type: 'abduction', ...triplet },
      ];
    },
  },
];

function tripletType({ type }: JsonObject): TripletType {
  if (TASK_TYPES.includes(type as TaskType)) return type as TripletType;
  throw wrongField('type', type, `one of ${TASK_TYPES.join(', ')}`);
}

const pairOf = (row: JsonObject): Pair => ({ input: textField(row, 'input'), output: textField(row, 'output') });

/**
 * The row's program: the snippet, after those of its `imports` that it lacks at module level. An import within a
 * function is no other function's.
 */
function snippetOf(row: JsonObject): string {
  const snippet = textField(row, 'snippet');
  const imports = has(row, 'imports') ? textsField(row, 'imports') : [];
  const lines = new Set(snippet.split('\n').map((line) => line.trimEnd()));
  return [...imports.filter((statement) => !lines.has(statement.trimEnd())), snippet].join('\n');
}

function pairsOf({ pairs }: JsonObject): Pair[] {
  if (!Array.isArray(pairs)) throw wrongField('pairs', pairs, 'a list of pairs of texts');
  return pairs.map((pair: unknown, i) => {
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string');
    if (!isPair) throw wrongField(`pairs[${i}]`, pair, 'a pair of texts, [input, output]');
    return { input: pair[0] as string, output: pair[1] as string };
  });
}

function zipped(inputs: readonly string[], outputs: readonly string[]): Pair[] {
  if (inputs.length !== outputs.length) {
    throw new AzrError('invalid', `it has ${inputs.length} inputs and ${outputs.length} outputs; they must be as many`);
  }
  return inputs.map((input, i) => ({ input, output: outputs[i]! }));
}

function solveRateOf({ solveRate }: JsonObject): { solveRate?: number } {
  if (solveRate === undefined || solveRate === null) return {};
  if (typeof solveRate === 'number' && solveRate >= 0 && solveRate <= 1) return { solveRate };
  throw wrongField('solveRate', solveRate, 'a number from 0 to 1');
}
