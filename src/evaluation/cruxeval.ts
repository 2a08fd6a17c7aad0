import type { TripletTask } from '../domain/task/task';
import { parseValue, ValueSyntaxError } from '../domain/value';
import { CRUXEVAL_SHAPE, type CruxevalRow } from '../task-files/cruxeval-shape';
import { brokenLine, readLines, type ReadLine } from '../task-files/read-lines';
import { readText } from '../verifier/read-text';
import type { Benchmark } from './benchmark';

/**
 * CRUXEval (arXiv 2401.03065): output prediction asks for the value of `f(input)`, as deduction does; input prediction
 * for any input that gives the output, as abduction does. Inputs are texts that need not be values: output prediction
 * only shows them, and input prediction does without. A row whose output is no value cannot be scored and is left out;
 * whether the others hold what their programs give is for `azr tasks validate` to find out (`CruxevalValidator`).
 * @param count rows that are read, from the start of the file; 0 reads all
 * @param note is told how many rows are left out
 * @throws AzrError naming the file, and the line of a row that is broken or of another shape
 */
export function cruxevalBenchmarks(file: string, count: number, note: (message: string) => void): Benchmark[] {
  const rows = readRows(file, count);
  const tasks = rows.map(scorableTasks).filter((found) => found !== undefined);
  if (tasks.length < rows.length) {
    note(`CRUXEval: ${rows.length - tasks.length} of ${rows.length} rows are left out, their output is not a value`);
  }
  return [
    { name: OUTPUT_PREDICTION, tasks: tasks.map(([outputPrediction]) => outputPrediction) },
    { name: INPUT_PREDICTION, tasks: tasks.map(([, inputPrediction]) => inputPrediction) },
  ];
}

export const OUTPUT_PREDICTION = 'cruxeval-output';
export const INPUT_PREDICTION = 'cruxeval-input';

/** What a row asks for: the output, and an input. */
export function cruxevalTasks({ line, row }: ReadLine<CruxevalRow>): [deduction: TripletTask, abduction: TripletTask] {
  const { code: program, input, output, id = `line-${line}` } = row;
  const triplet = { program, input, output };
  return [
    { id: `${OUTPUT_PREDICTION}/${id}`, type: 'deduction', ...triplet },
    { id: `${INPUT_PREDICTION}/${id}`, type: 'abduction', ...triplet },
  ];
}

/** The same, or undefined where the row's output is no value. */
export const scorableTasks = (read: ReadLine<CruxevalRow>): ReturnType<typeof cruxevalTasks> | undefined =>
  isValue(read.row.output) ? cruxevalTasks(read) : undefined;

function readRows(file: string, count: number): ReadLine<CruxevalRow>[] {
  const rows: ReadLine<CruxevalRow>[] = [];
  for (const read of readLines(file, [CRUXEVAL_SHAPE])) {
    if ('reason' in read) throw brokenLine(file, read);
    rows.push(read);
    if (rows.length === count) break;
  }
  return rows;
}

const isValue = (text: string): boolean => !(readText(parseValue, text) instanceof ValueSyntaxError);
