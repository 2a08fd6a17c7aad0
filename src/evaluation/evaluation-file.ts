import { mapInOrder } from '../domain/map-in-order';
import type { Task } from '../domain/task/task';
import type { RefusedLine } from '../selfplay/task-row';
import { CODING_SHAPES } from '../task-files/coding-shapes';
import { CRUXEVAL_SHAPE, type CruxevalRow } from '../task-files/cruxeval-shape';
import { readLines, type ReadLine } from '../task-files/read-lines';
import { taskRows } from '../task-files/read-task-file';
import type { RowShape } from '../task-files/row-shape';
import { TASK_SHAPES, type LooseRow } from '../task-files/row-shapes';
import { Objection } from '../verifier/objection';
import type { ProgramExecutor } from '../verifier/ports';
import type { CodingTask } from './coding/coding-task';
import { codingTask, type CodingRow } from './coding/coding-tasks';
import { INPUT_PREDICTION, OUTPUT_PREDICTION, scorableTasks } from './cruxeval';
import { heldOutTask } from './held-out-tasks';

/** A task of a file, with the name that it is counted under. */
export interface NamedTask {
  /** Its type, or the public benchmark that it is of. */
  benchmark: string;
  task: Task | CodingTask;
}

type Row = LooseRow[] | CruxevalRow | CodingRow;
type Line = ReadLine<Row> | RefusedLine;

const SHAPES: readonly RowShape<Row>[] = [...TASK_SHAPES, CRUXEVAL_SHAPE, ...CODING_SHAPES];

/** Rows that are read at a time, or wait for one before them. */
const AT_A_TIME = 32;

/**
 * The tasks of each line of a JSONL file, or why it holds none that can be scored; in the file's order. Lines may be of
 * different kinds: our own tasks, released seeds, CRUXEval, HumanEval, MBPP.
 * @throws AzrError naming the file, when it cannot be read, is no text or is empty; PartUnavailable
 */
export function evaluationLines(
  file: string,
  executor: ProgramExecutor,
): AsyncGenerator<NamedTask[] | RefusedLine, void, undefined> {
  return mapInOrder(readLines(file, SHAPES), AT_A_TIME, async (read: Line) => {
    if ('reason' in read) return read;
    const tasks = await tasksOf(read, executor);
    return typeof tasks === 'string' ? { line: read.line, reason: tasks } : tasks;
  });
}

/** Looks before anything is started. @throws AzrError naming the file, when it cannot be read or holds nothing */
export function requireTaskFile(file: string): void {
  for (const _ of readLines(file, SHAPES)) return;
}

/** The tasks of a line, or what is wrong with it. */
async function tasksOf({ line, row }: ReadLine<Row>, executor: ProgramExecutor): Promise<NamedTask[] | string> {
  if (Array.isArray(row)) return ownTasks({ line, row });
  if ('benchmark' in row) {
    const task = await codingTask(executor, row);
    return task instanceof Objection ? task.detail : [{ benchmark: row.benchmark, task }];
  }
  const tasks = scorableTasks({ line, row });
  if (!tasks) return 'output is not a value';
  const [outputPrediction, inputPrediction] = tasks;
  return [
    { benchmark: OUTPUT_PREDICTION, task: outputPrediction },
    { benchmark: INPUT_PREDICTION, task: inputPrediction },
  ];
}

function ownTasks(read: ReadLine<LooseRow[]>): NamedTask[] | string {
  const tasks: NamedTask[] = [];
  for (const row of taskRows(read)) {
    const task = heldOutTask(row, `${row.type}/line-${row.line}`);
    if (typeof task === 'string') return task;
    tasks.push({ benchmark: row.type, task });
  }
  return tasks;
}
