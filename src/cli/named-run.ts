import { AzrError } from '../domain/errors';
import type { RunCatalog, RunRecord } from '../runs/ports';

/** What stands for the newest run where one is named. */
const LATEST = 'latest';
/** Runs that are named to someone who named one that is not there. */
const SHOWN = 5;

/**
 * The run that a person names by its id, or as `latest`.
 * @throws AzrError `not_found`, saying which runs there are
 */
export async function namedRun(runs: Pick<RunCatalog, 'get' | 'latest' | 'list'>, name: string): Promise<RunRecord> {
  if (name === LATEST) {
    const latest = await runs.latest();
    if (latest) return latest;
    throw new AzrError('not_found', 'this home holds no runs yet; azr train makes one');
  }
  try {
    return await runs.get(name);
  } catch (error) {
    if (!(error instanceof AzrError && error.kind === 'not_found')) throw error;
    throw new AzrError('not_found', `${error.message} in this home; ${await whichRuns(runs)}`, { cause: error });
  }
}

async function whichRuns(runs: Pick<RunCatalog, 'list'>): Promise<string> {
  const { runs: newest, next } = await runs.list({ size: SHOWN });
  if (newest.length === 0) return 'it holds none yet; azr train makes one';
  const ids = newest.map(({ id }) => id).join(', ');
  return `its runs, newest first, are ${ids}${next === undefined ? '' : ', …'}; ${LATEST} names the first of them`;
}
