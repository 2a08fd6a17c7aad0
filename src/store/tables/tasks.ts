import type { BufferChange, BufferedTask } from '../../domain/curriculum/task-buffer';
import type { TaskType } from '../../domain/task/task';
import type { Database } from '../database';

/** Rows of one insert: well below the protocol's 65,535 parameters. */
const ROWS = 2_000;

export async function insertTasks(db: Database, runId: string, tasks: readonly BufferedTask[]): Promise<void> {
  for (let i = 0; i < tasks.length; i += ROWS) {
    const rows = tasks.slice(i, i + ROWS).map(({ admittedStep, ...task }) => ({
      run_id: runId,
      ...task,
      admitted_step: admittedStep,
      evicted_step: null,
    }));
    await db.insertInto('tasks').values(rows).execute();
  }
}

export async function applyChange(db: Database, runId: string, step: number, change: BufferChange): Promise<void> {
  await insertTasks(db, runId, change.admitted);
  if (change.evicted.length === 0) return;
  await db
    .updateTable('tasks')
    .set({ evicted_step: step })
    .where('run_id', '=', runId)
    .where('evicted_step', 'is', null)
    .where(
      'id',
      'in',
      change.evicted.map(({ id }) => id),
    )
    .execute();
}

/** The tasks in the buffer after `step`, oldest first. */
export async function tasksAt(db: Database, runId: string, step: number): Promise<BufferedTask[]> {
  const rows = await db
    .selectFrom('tasks')
    .selectAll()
    .where('run_id', '=', runId)
    .where('admitted_step', '<=', step)
    .where((where) => where.or([where('evicted_step', 'is', null), where('evicted_step', '>', step)]))
    .orderBy('position')
    .execute();
  return rows.map(({ id, type, program, input, output, admitted_step }) => ({
    id,
    type: type as TaskType,
    program,
    input,
    output,
    admittedStep: admitted_step,
  }));
}
