import { AzrError } from '../domain/errors';
import type { TripletTask } from '../domain/task/task';
import { parseValue, ValueSyntaxError } from '../domain/value';
import { readText } from '../verifier/read-text';
import { textField, unknownShape } from '../task-files/fields';
import { readJsonLines, type JsonLine, type JsonObject } from '../task-files/json-lines';
import type { Benchmark } from './benchmark';

const FIELDS = ['code', 'input', 'output', 'id'] as const;
const FORM = `{${FIELDS.map((field) => `"${field}"`).join(', ')}}`;

type CruxRow = Record<(typeof FIELDS)[number], string>;

/**
 * CRUXEval (arXiv 2401.03065): output prediction asks for the value of `f(input)`, as deduction does; input prediction
 * for any input that gives the output, as abduction does. Inputs are texts that need not be values: output prediction
 * only shows them, and input prediction does without. A row whose output is no value cannot be scored and is left out.
 * @param count rows that are read, from the start of the file; 0 reads all
 * @param note is told how many rows are left out
 * @throws AzrError naming the file, and the line of a row that is broken or of another shape
 */
export function cruxevalBenchmarks(file: string, count: number, note: (message: string) => void): Benchmark[] {
  const lines = readJsonLines(file);
  const rows = (count > 0 ? lines.slice(0, count) : lines).map((line) => readLine(line, file));
  const scorable = rows.filter(({ output }) => isValue(output));
  if (scorable.length < rows.length) {
    note(`CRUXEval: ${rows.length - scorable.length} of ${rows.length} rows are left out, their output is not a value`);
  }
  return [
    { name: 'cruxeval-output', tasks: scorable.map((row) => toTask(row, 'deduction', 'cruxeval-output')) },
    { name: 'cruxeval-input', tasks: scorable.map((row) => toTask(row, 'abduction', 'cruxeval-input')) },
  ];
}

const toTask = ({ code, input, output, id }: CruxRow, type: 'deduction' | 'abduction', name: string): TripletTask => ({
  id: `${name}/${id}`,
  type,
  program: code,
  input,
  output,
});

function readLine(jsonLine: JsonLine, file: string): CruxRow {
  const where = `${file}, line ${jsonLine.line}`;
  if ('reason' in jsonLine) throw new AzrError('invalid', `${where}: ${jsonLine.reason}`);
  try {
    return readRow(jsonLine.row);
  } catch (error) {
    if (error instanceof AzrError) throw new AzrError('invalid', `${where}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readRow(row: JsonObject): CruxRow {
  if (!FIELDS.every((field) => Object.hasOwn(row, field))) throw unknownShape(row, [FORM]);
  const [code, input, output, id] = FIELDS.map((field) => textField(row, field)) as [string, string, string, string];
  return { code, input, output, id };
}

const isValue = (text: string): boolean => !(readText(parseValue, text) instanceof ValueSyntaxError);
