import { sql } from 'kysely';
import type { BufferChange, BufferedTask } from '../../domain/curriculum/task-buffer';
import type { Database } from '../database';
import { insertRows } from '../insert-rows';

export async function insertTasks(db: Database, runId: string, tasks: readonly BufferedTask[]): Promise<void> {
  const rows = tasks.map(({ admittedStep, solveRate, uses: _, ...task }) => ({
    run_id: runId,
    id: task.id,
    type: task.type,
    task: JSON.stringify(task),
    solve_rate: solveRate,
    admitted_step: admittedStep,
    evicted_step: null,
  }));
  await insertRows(db, 'tasks', rows);
}

export async function applyChange(db: Database, runId: string, step: number, change: BufferChange): Promise<void> {
  await insertTasks(db, runId, change.admitted);
  await insertUses(db, runId, step, change.uses);
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

async function insertUses(db: Database, runId: string, step: number, uses: Record<string, number>): Promise<void> {
  const rows = Object.entries(uses).map(([id, count]) => ({ run_id: runId, id, step, uses: count }));
  await insertRows(db, 'task_uses', rows);
}

/** The tasks in the buffer after `step`, oldest first. */
export async function tasksAt(db: Database, runId: string, step: number): Promise<BufferedTask[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(['task', 'solve_rate', 'admitted_step', usesUntil(step)])
    .where('run_id', '=', runId)
    .where('admitted_step', '<=', step)
    .where((where) => where.or([where('evicted_step', 'is', null), where('evicted_step', '>', step)]))
    .orderBy('position')
    .execute();
  return rows.map(({ task, solve_rate, admitted_step, uses }) => ({
    ...task,
    admittedStep: admitted_step,
    solveRate: solve_rate,
    uses,
  }));
}

/** How often a task was shown up to `step` since it was admitted: one that left and came back starts anew. */
const usesUntil = (step: number) =>
  sql<number>`(select coalesce(sum(shown.uses), 0) from task_uses shown where shown.run_id = tasks.run_id
    and shown.id = tasks.id and shown.step > tasks.admitted_step and shown.step <= ${step})`.as('uses');
