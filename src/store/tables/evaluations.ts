import type { EvaluationResult } from '../../selfplay/evaluation-result';
import type { Database } from '../database';

export async function insertEvaluation(db: Database, runId: string, result: EvaluationResult): Promise<void> {
  const json = JSON.stringify(result);
  await db
    .insertInto('evaluations')
    .values({ run_id: runId, policy_version: result.policyVersion, result: json })
    .onConflict((conflict) => conflict.columns(['run_id', 'policy_version']).doUpdateSet({ result: json }))
    .execute();
}

export async function findEvaluation(
  db: Database,
  runId: string,
  policyVersion: number,
): Promise<EvaluationResult | undefined> {
  const row = await db
    .selectFrom('evaluations')
    .select('result')
    .where('run_id', '=', runId)
    .where('policy_version', '=', policyVersion)
    .executeTakeFirst();
  return row?.result as EvaluationResult | undefined;
}
