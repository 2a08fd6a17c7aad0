import { sql, type Selectable } from 'kysely';
import type { Task } from '../../domain/task/task';
import type { ReportSample, ShownEpisode, StepRange } from '../../report/ports';
import type { Database } from '../database';
import type { EpisodesTable } from '../schema';

/** Answers that are read of one task. */
const ANSWERS = 64;
const SHOWN = ['texts', 'outcome', 'reason', 'detail', 'reward'] as const;

/** Of each type one task that was proposed in these steps; see `ReportSource.samples`. */
export async function episodeSamples(
  db: Database,
  runId: string,
  { first, last }: StepRange,
  which: 'earliest' | 'latest',
): Promise<ReportSample[]> {
  const proposals = await db
    .selectFrom('episodes')
    .where('run_id', '=', runId)
    .where('role', '=', 'proposer')
    .where('outcome', '=', 'accepted')
    .where('step', '>=', first)
    .where('step', '<=', last)
    .distinctOn('type')
    .select(['step', 'key', 'task_id', 'solve_rate', ...SHOWN])
    .orderBy('type')
    .orderBy(sql`solve_rate > 0 and solve_rate < 1`, 'desc')
    .orderBy('step', which === 'earliest' ? 'asc' : 'desc')
    .orderBy('key')
    .execute();
  const samples = await Promise.all(
    proposals.map(async ({ step, key, task_id, solve_rate, ...proposal }) => {
      const task = await taskOf(db, runId, task_id!);
      const answers = await answersTo(db, runId, step, key);
      return task && { step, task, solveRate: solve_rate ?? 0, proposal: shown(proposal), answers };
    }),
  );
  return samples.filter((sample) => sample !== undefined);
}

/** @returns undefined where it never entered the buffer, which can be too small for all tasks of a step */
async function taskOf(db: Database, runId: string, id: string): Promise<Task | undefined> {
  const tasks = db.selectFrom('tasks').select('task').where('run_id', '=', runId).where('id', '=', id);
  return (await tasks.limit(1).executeTakeFirst())?.task;
}

/** @param proposal key of the proposer's episode, `propose/3`; its samples are `estimate/3/…` */
async function answersTo(db: Database, runId: string, step: number, proposal: string): Promise<ShownEpisode[]> {
  const rows = await db
    .selectFrom('episodes')
    .select(SHOWN)
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('key', 'like', `${proposal.replace('propose', 'estimate')}/%`)
    .orderBy('key')
    .limit(ANSWERS)
    .execute();
  return rows.map(shown);
}

const shown = ({
  texts: { prompt, response },
  ...row
}: Pick<Selectable<EpisodesTable>, (typeof SHOWN)[number]>): ShownEpisode =>
  ({
    ...{ prompt, response, outcome: row.outcome, reward: row.reward },
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
  }) as ShownEpisode;
