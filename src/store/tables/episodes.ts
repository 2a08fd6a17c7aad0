import { sql } from 'kysely';
import type { Episode, TaskSample } from '../../selfplay/episode';
import type { Database } from '../database';
import { insertRows } from '../insert-rows';

export async function insertEpisodes(
  db: Database,
  runId: string,
  step: number,
  episodes: readonly Episode[],
): Promise<void> {
  const rows = episodes.map((episode) => ({
    run_id: runId,
    step,
    key: episode.key,
    purpose: episode.purpose,
    trained: episode.trained,
    role: episode.role,
    type: episode.type,
    task_id: episode.taskId ?? null,
    outcome: episode.outcome,
    reason: episode.reason ?? null,
    detail: episode.detail === undefined ? null : JSON.stringify(episode.detail),
    solve_rate: episode.solveRate ?? null,
    reward: episode.reward,
    advantage: episode.advantage,
    response_tokens: episode.completion.tokenIds.length,
    policy_version: episode.completion.policyVersion,
    texts: JSON.stringify({ prompt: episode.prompt, response: episode.completion.text }),
  }));
  await insertRows(db, 'episodes', rows);
}

/** Of each type a task with its answers: the newest that some samples solved and some did not, or any valid one. */
export async function sampleTasks(db: Database, runId: string): Promise<TaskSample[]> {
  const proposals = await db
    .selectFrom('episodes')
    .innerJoin('tasks', (join) =>
      join
        .onRef('tasks.run_id', '=', 'episodes.run_id')
        .onRef('tasks.id', '=', 'episodes.task_id')
        .onRef('tasks.admitted_step', '=', 'episodes.step'),
    )
    .where('episodes.run_id', '=', runId)
    .where('episodes.role', '=', 'proposer')
    .distinctOn('tasks.type')
    .select(['episodes.step', 'episodes.key', 'episodes.solve_rate', 'tasks.task'])
    .orderBy('tasks.type')
    .orderBy(sql`episodes.solve_rate > 0 and episodes.solve_rate < 1`, 'desc')
    .orderBy('episodes.step', 'desc')
    .orderBy('episodes.key')
    .execute();
  return Promise.all(
    proposals.map(async ({ key, step, solve_rate, task }) => ({
      task,
      step,
      solveRate: solve_rate ?? 0,
      answers: await answersTo(db, runId, step, key),
    })),
  );
}

/** @param proposal key of the proposer's episode, `propose/3`; its samples are `estimate/3/…` */
async function answersTo(db: Database, runId: string, step: number, proposal: string): Promise<TaskSample['answers']> {
  const rows = await db
    .selectFrom('episodes')
    .select(['texts', 'outcome'])
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('key', 'like', `${proposal.replace('propose', 'estimate')}/%`)
    .orderBy('key')
    .execute();
  return rows.map(({ texts, outcome }) => ({ response: texts.response, correct: outcome === 'correct' }));
}
