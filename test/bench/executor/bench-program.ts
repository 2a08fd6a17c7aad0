import { groupBy } from '../../../src/domain/group-by';
import type { Pair } from '../../../src/domain/task/task';
import { canonicalArguments, parseArguments } from '../../../src/domain/value';
import type { TaskRow } from '../../../src/selfplay/task-row';
import { readWholeTaskFile } from '../../../src/task-files/read-task-file';
import { variationsOf } from './variations';

/** Inputs of an induction proposal: as many as the paper has. */
export const INPUTS = 10;

/** What the job is made of: a program that defines `f`, and argument lists for it. */
export interface BenchProgram {
  text: string;
  /** Ten, all different, as canonical text. */
  inputs: string[];
  /** For the solver of the induction task. */
  message: string;
  /** What the file says of its inputs; may be empty. */
  known: Pair[];
}

/**
 * The distinct programs of a task file, in its order. One that has fewer than ten inputs there is given variations of
 * those; one without an input that can be read is left out.
 * @throws AzrError naming file and line
 */
export function readPrograms(file: string): BenchProgram[] {
  const rows = readWholeTaskFile(file, ['deduction', 'abduction', 'induction']);
  return [...groupBy(rows, ({ program }) => program)].flatMap(([text, sameProgram]) => {
    const known = sameProgram.flatMap(pairsOf).flatMap(canonicalPair);
    const inputs = tenInputs(known.map(({ input }) => input));
    const message = sameProgram.map((row) => (row.type === 'induction' ? row.message : '')).join('');
    return inputs.length < INPUTS ? [] : [{ text, inputs, message, known }];
  });
}

const pairsOf = (row: TaskRow): readonly Pair[] => (row.type === 'induction' ? row.pairs : [row]);

function canonicalPair({ input, output }: Pair): Pair[] {
  try {
    return [{ input: canonicalArguments(parseArguments(input)), output }];
  } catch {
    return [];
  }
}

function tenInputs(given: readonly string[]): string[] {
  const distinct = new Set(given);
  for (const input of given) {
    for (const variation of variationsOf(input, INPUTS)) {
      if (distinct.size >= INPUTS) break;
      distinct.add(variation);
    }
  }
  return [...distinct].slice(0, INPUTS);
}
