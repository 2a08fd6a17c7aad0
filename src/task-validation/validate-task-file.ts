import { resolveSpec } from '../config/resolve-spec';
import type { RunSpec } from '../config/run-spec';
import { mapInOrder } from '../domain/map-in-order';
import { CRUXEVAL_SHAPE, type CruxevalRow } from '../task-files/cruxeval-shape';
import { readLines } from '../task-files/read-lines';
import type { RowShape } from '../task-files/row-shape';
import { TASK_SHAPES, type LooseRow } from '../task-files/row-shapes';
import type { ProgramExecutor } from '../verifier/ports';
import { RowValidator } from './row-validator';
import type { RowVerdict } from './row-verdict';

/** Rows that are judged at a time, or wait for one before them: enough to keep the executor busy beside a slow one. */
const AT_A_TIME = 32;

const SHAPES: readonly RowShape<LooseRow[] | CruxevalRow>[] = [...TASK_SHAPES, CRUXEVAL_SHAPE];

/**
 * What rows are held against: the rules of a run's default settings, answers in the format of language models, and
 * limits that leave room for what people store.
 */
export const validationSpec = (): RunSpec =>
  resolveSpec({
    preset: 'embedded',
    sets: [
      'prompt.format=paper',
      'executor.timeoutMs=5000',
      'executor.memoryMib=512',
      'executor.inputLength=4096',
      'executor.outputBytes=16384',
    ],
  }).spec;

/**
 * A verdict for each row of a file, in the file's order, as they are known.
 * @throws AzrError naming the file, when it cannot be read, is no text or is empty; PartUnavailable
 */
export function validateTaskFile(file: string, executor: ProgramExecutor): AsyncGenerator<RowVerdict, void, undefined> {
  const validator = new RowValidator(executor, validationSpec());
  return mapInOrder(readLines(file, SHAPES), AT_A_TIME, (read) => validator.judge(read));
}
