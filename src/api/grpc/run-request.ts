import { parseSetting } from '../../config/parse-setting';
import { resolveSpec } from '../../config/resolve-spec';
import { AzrError, InvalidSettings } from '../../domain/errors';
import type { CreateRunRequest, ListRunsRequest, RunBudget as BudgetMessage } from '../../generated/azr/v1/run';
import type { PageRequest } from '../../runs/ports';
import type { RunRequest } from '../../runs/runs';
import type { RunBudget } from '../../selfplay/run';

const DEFAULT_PRESET = 'embedded';
const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 200;
const RUN_ID = /^[\w-]{1,64}$/;
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** @throws InvalidSettings, AzrError `invalid` naming the field */
export function toRunRequest({ requestId, preset, settings, budget }: CreateRunRequest): RunRequest {
  if (requestId !== '' && !REQUEST_ID.test(requestId))
    throw wrongText('request_id', requestId, '1 to 128 visible ASCII characters');
  // A section and one of its settings may both be named: the more exact one wins.
  const options = Object.keys(settings)
    .sort()
    .map((path) => ({ option: 'settings', path, value: parseSetting(path, settings[path]!) }));
  const { spec } = resolveSpec({ preset: preset === '' ? DEFAULT_PRESET : preset, options });
  return { spec, budget: toBudget(budget) ?? {}, ...(requestId !== '' && { requestId }) };
}

/** @throws AzrError `invalid` for what cannot be a run's id */
export function toRunId(runId: string): string {
  if (!RUN_ID.test(runId)) throw wrongText('run_id', runId, '1 to 64 letters, digits, _ and -');
  return runId;
}

/** @throws AzrError `invalid` */
export function toPageRequest({ pageSize, pageToken }: ListRunsRequest): PageRequest {
  if (pageSize < 0) throw new AzrError('invalid', `page_size: ${pageSize} must be 0 or above`);
  const size = Math.min(pageSize === 0 ? DEFAULT_PAGE : pageSize, LARGEST_PAGE);
  return { size, ...(pageToken !== '' && { after: pageToken }) };
}

/** @throws InvalidSettings */
export function toBudget(message: BudgetMessage | undefined): RunBudget | undefined {
  if (message === undefined) return undefined;
  const { steps, seconds } = message;
  if (seconds !== undefined && !(Number.isFinite(seconds) && seconds > 0)) {
    throw new InvalidSettings([{ path: 'budget.seconds', value: seconds, legal: 'a number above 0, or unset' }]);
  }
  return { ...(steps !== undefined && { steps }), ...(seconds !== undefined && { seconds }) };
}

const wrongText = (field: string, value: string, legal: string): AzrError =>
  new AzrError('invalid', `${field}: ${JSON.stringify(value.slice(0, 100))} must be ${legal}`);
