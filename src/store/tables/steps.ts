import type { Insertable, Selectable } from 'kysely';
import type { StepRecord, StepState } from '../../selfplay/step-record';
import type { Database } from '../database';
import type { StepsTable } from '../schema';

const toRow = (runId: string, { plan, state, outcome, change, update }: StepRecord): Insertable<StepsTable> => ({
  run_id: runId,
  step: plan.step,
  state,
  plan: JSON.stringify(plan),
  outcome: outcome ? JSON.stringify(outcome) : null,
  change: change ? JSON.stringify(change) : null,
  update: update ? JSON.stringify(update) : null,
  committed_at: state === 'committed' ? new Date() : null,
});

const fromRow = ({ plan, state, outcome, change, update }: Selectable<StepsTable>): StepRecord =>
  ({
    plan,
    state,
    ...(outcome && { outcome }),
    ...(change ? { change } : {}),
    ...(update && { update }),
  }) as StepRecord;

export async function saveStep(db: Database, runId: string, record: StepRecord): Promise<void> {
  const row = toRow(runId, record);
  const { run_id: _run, step: _step, ...changes } = row;
  await db
    .insertInto('steps')
    .values(row)
    .onConflict((conflict) => conflict.columns(['run_id', 'step']).doUpdateSet(changes))
    .execute();
}

export async function setStepState(db: Database, runId: string, step: number, state: StepState): Promise<void> {
  await db.updateTable('steps').set({ state }).where('run_id', '=', runId).where('step', '=', step).execute();
}

/** The one step that is not committed. */
export async function openStep(db: Database, runId: string): Promise<StepRecord | undefined> {
  const open = db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('state', '!=', 'committed');
  const row = await open.orderBy('step').executeTakeFirst();
  return row && fromRow(row);
}

export async function findStep(db: Database, runId: string, step: number): Promise<StepRecord | undefined> {
  const row = await db
    .selectFrom('steps')
    .selectAll()
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The newest committed steps, oldest first. */
export async function lastSteps(db: Database, runId: string, count: number): Promise<StepRecord[]> {
  const committed = db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('state', '=', 'committed');
  const rows = await committed.orderBy('step', 'desc').limit(count).execute();
  return rows.reverse().map(fromRow);
}
