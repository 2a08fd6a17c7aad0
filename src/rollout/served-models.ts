import OpenAI, { APIConnectionError } from 'openai';
import { AzrError, messageOf, PartUnavailable } from '../domain/errors';
import { routeOf } from './route-of';

const BOUND_MS = 10_000;

/**
 * Names of the models that a server answers from.
 * @param url base URL, without `/v1`
 * @throws PartUnavailable when it does not answer; AzrError when it answers in another way than vLLM
 */
export async function servedModels(url: string): Promise<string[]> {
  const baseURL = routeOf(url, 'v1');
  const client = new OpenAI({ baseURL, apiKey: 'unused', timeout: BOUND_MS, maxRetries: 2 });
  try {
    const { data } = await client.models.list();
    return data.map(({ id }) => id);
  } catch (error) {
    const where = `the rollout server at ${url}`;
    if (error instanceof APIConnectionError) {
      throw new PartUnavailable(url, `${where} does not answer: ${messageOf(rootOf(error))}`);
    }
    throw new AzrError('invalid', `${where} does not say at ${baseURL}/models what it serves: ${messageOf(error)}`);
  }
}

/** What `fetch` says is only that it failed. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
