import { AzrError } from '../domain/errors';
import { TASK_TYPES } from '../domain/task/task';
import { runOf } from '../runs/run-record';
import { replayPlan, type Replay } from '../selfplay/replay';
import { namedRun } from './named-run';
import { withStore } from '../control-plane/with-store';

export interface ReplayOptions {
  home: string;
  json: boolean;
}

/**
 * Plans a step again, and says whether the plan is the one that was played.
 * @param name the run's id, or `latest`
 * @throws AzrError when there is no such run or step, or the plan differs
 */
export async function replay(name: string, step: number, { home, json }: ReplayOptions): Promise<void> {
  await withStore(home, async ({ runs, store }) => {
    const replayed = await replayPlan(store, runOf(await namedRun(runs, name)), step);
    process.stdout.write(`${json ? JSON.stringify(replayed) : asText(replayed)}\n`);
    if (!replayed.same)
      throw new AzrError('internal', `step ${step} of run ${replayed.run} is planned differently now`);
  });
}

function asText({ run, step, curriculumVersion, same, planned }: Replay): string {
  const counts = TASK_TYPES.map((type) => [type, planned.proposals.filter((it) => it.type === type).length] as const);
  const proposals = counts.filter(([, count]) => count > 0).map(([type, count]) => `${count} ${type}`);
  return (
    `Step ${step} of run ${run}, planned again from its seed and the curriculum after step ${curriculumVersion}: ` +
    `${proposals.join(', ')} proposals, ${planned.solver.length} solver tasks; ` +
    (same ? 'the same plan' : 'another plan than the stored one')
  );
}
