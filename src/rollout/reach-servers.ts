import { AzrError, messageOf } from '../domain/errors';
import type { RolloutServer } from '../selfplay/ports';
import { routeOf } from './route-of';
import { servedModels } from './served-models';

const BOUND_MS = 10_000;

/** Servers that someone else started, and the name that all of them serve the policy under. */
export interface ReachedServers {
  servers: RolloutServer[];
  model: string;
}

/**
 * Asks each server what it serves, and whether weights can be published to it.
 * @param urls at least one, as in the setting `rollout.servers`
 * @throws AzrError that names every server that cannot be used, and why
 */
export async function reachServers(urls: readonly string[]): Promise<ReachedServers> {
  const servers = urls.map((url, index) => ({ name: `rollout.servers[${index}]`, url }));
  const answers = await Promise.all(urls.map((url) => policyOf(url).catch(refusalOf)));
  const refusals = answers.filter((answer) => typeof answer !== 'string');
  if (refusals.length > 0) {
    throw new AzrError(refusals[0]!.kind, `rollout.servers: ${refusals.map(messageOf).join('; ')}`);
  }
  const models = answers as string[];
  const odd = models.findIndex((model) => model !== models[0]);
  if (odd > 0) {
    const named = `${urls[0]} serves ${models[0]} and ${urls[odd]} ${models[odd]}`;
    throw new AzrError('invalid', `rollout.servers: ${named}: give both the same --served-model-name`);
  }
  return { servers, model: models[0]! };
}

/** @throws what is no refusal */
function refusalOf(error: unknown): AzrError {
  if (error instanceof AzrError) return error;
  throw error;
}

/** Name of the one policy that the server serves. */
async function policyOf(url: string): Promise<string> {
  const models = await servedModels(url);
  if (models.length !== 1) {
    const said = models.length === 0 ? 'no model' : models.join(', ');
    throw new AzrError('invalid', `the rollout server at ${url} serves ${said}, where one policy is expected`);
  }
  await requireWeightTransfer(url);
  return models[0]!;
}

/** vLLM has the routes in development mode alone; whether a backend is behind them the first publication tells. */
async function requireWeightTransfer(url: string): Promise<void> {
  const route = routeOf(url, 'weight_info');
  const { ok, status } = await fetch(route, { signal: AbortSignal.timeout(BOUND_MS) }).catch((error: unknown) => {
    throw new AzrError('unavailable', `the rollout server at ${url} does not answer /weight_info: ${messageOf(error)}`);
  });
  if (ok) return;
  const remedy = 'vLLM takes weights where it is started with VLLM_SERVER_DEV_MODE=1 and --weight-transfer-config';
  throw new AzrError('invalid', `the rollout server at ${url} answers /weight_info with status ${status}: ${remedy}`);
}
