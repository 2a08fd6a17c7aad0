import { AzrError } from '../domain/errors';
import { TASK_TYPES, type Pair, type TaskType, type TripletType } from '../domain/task/task';
import type { InductionRow, TripletRow } from '../selfplay/task-row';
import { textField, textsField, unknownShape, wrongField } from './fields';
import type { JsonObject } from './json-lines';

/** A row that has not been given its line yet. */
export type LooseRow = Omit<TripletRow, 'line'> | Omit<InductionRow, 'line'>;

interface RowShape {
  /** As a person is told it. */
  form: string;
  fits(row: JsonObject): boolean;
  /** @throws AzrError naming the field that is wrong */
  read(row: JsonObject): LooseRow[];
}

const has = (row: JsonObject, ...fields: string[]): boolean => fields.every((field) => Object.hasOwn(row, field));

/** Our own two shapes, and those of the seed files that were released with AZR (arXiv 2505.03335). */
const SHAPES: readonly RowShape[] = [
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
    read: (row) => [{ type: tripletType(row), ...tripletOf(row, 'program'), ...solveRateOf(row) }],
  },
  {
    form: '{"snippet", "inputs", "outputs", "message"}',
    fits: (row) => has(row, 'snippet', 'inputs'),
    read: (row) => [
      {
        type: 'induction',
        program: textField(row, 'snippet'),
        pairs: zipped(textsField(row, 'inputs'), textsField(row, 'outputs')),
        message: has(row, 'message') ? textField(row, 'message') : '',
      },
    ],
  },
  {
    // A released triplet starts the buffers of both types.
    form: '{"snippet", "input", "output"}',
    fits: (row) => has(row, 'snippet'),
    read: (row) => {
      const triplet = tripletOf(row, 'snippet');
      return [
        { type: 'deduction', ...triplet },
        { type: 'abduction', ...triplet },
      ];
    },
  },
];

const FORMS = SHAPES.map(({ form }) => form);

/** The tasks of one row. @throws AzrError saying what is wrong with it, without file or line */
export function readRow(row: JsonObject): LooseRow[] {
  const shape = SHAPES.find(({ fits }) => fits(row));
  if (shape === undefined) throw unknownShape(row, FORMS);
  return shape.read(row);
}

function tripletType({ type }: JsonObject): TripletType {
  if (TASK_TYPES.includes(type as TaskType)) return type as TripletType;
  throw wrongField('type', type, `one of ${TASK_TYPES.join(', ')}`);
}

const tripletOf = (row: JsonObject, program: 'program' | 'snippet') => ({
  program: textField(row, program),
  input: textField(row, 'input'),
  output: textField(row, 'output'),
});

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
