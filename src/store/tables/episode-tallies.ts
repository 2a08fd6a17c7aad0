import { sql } from 'kysely';
import type { AdmittedProgram, EpisodeTally, StepRange } from '../../report/ports';
import type { Database } from '../database';

/** Text of `texts` where nothing but white space stands before the end of the think block that the prompt opened. */
const UNREASONED = '"response":"( |\\\\[nrt])*</think>';

export async function episodeTallies(db: Database, runId: string, { first, last }: StepRange): Promise<EpisodeTally[]> {
  const firstSample = sql<boolean>`key like 'estimate/%/0'`;
  const rows = await db
    .selectFrom('episodes')
    .where('run_id', '=', runId)
    .where('step', '>=', first)
    .where('step', '<=', last)
    .groupBy(['step', 'role', 'type'])
    .orderBy('step')
    .select(({ fn }) => [
      'step',
      'role',
      'type',
      fn.countAll<number>().as('episodes'),
      fn.sum<number>('response_tokens').as('responseTokens'),
      fn.countAll<number>().filterWhere('outcome', '=', 'accepted').as('accepted'),
      fn
        .countAll<number>()
        .filterWhere('outcome', '=', 'accepted')
        .filterWhere('solve_rate', '>', 0)
        .filterWhere('solve_rate', '<', 1)
        .as('learnable'),
      fn.countAll<number>().filterWhere(firstSample).as('firstSamples'),
      // As stored, not as read: `json` keeps texts that no SQL string can hold.
      fn
        .countAll<number>()
        .filterWhere(firstSample)
        .filterWhere(sql<boolean>`texts::text !~ ${UNREASONED}`)
        .as('reasoned'),
    ])
    .execute();
  return rows as EpisodeTally[];
}

export async function admittedPrograms(
  db: Database,
  runId: string,
  { first, last }: StepRange,
): Promise<AdmittedProgram[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(['admitted_step', 'task'])
    .where('run_id', '=', runId)
    .where('admitted_step', '>=', first)
    .where('admitted_step', '<=', last)
    .where('type', '!=', 'induction')
    .orderBy('position')
    .execute();
  return rows.map(({ admitted_step, task }) => ({ step: admitted_step, program: task.program }));
}
