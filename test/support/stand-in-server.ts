import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const CONTEXT = 100;
const END = 0;
const LETTERS = 26;
/** Share of the tokens that end a text. */
const ENDING = 1 / 8;

type Answer = [status: number, body: unknown];
type Body = Record<string, unknown>;

interface Asked extends Body {
  model: string;
  prompt: string;
  n: number;
  seed: number;
  temperature: number;
  max_tokens: number;
  stop?: string[];
  cache_salt: string;
}

/**
 * A server in vLLM's dialect with room for 100 tokens, one for each character. Its policy writes small letters at
 * random, by seed and prompt. It keeps what it was asked.
 */
export class StandInServer {
  readonly asked: { path: string; body: Body }[] = [];
  /** What it answers in place of its own answer, one after the other. */
  readonly instead: Answer[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly models: readonly string[],
    private readonly takesWeights: boolean,
  ) {}

  static async start({ models = ['policy'], takesWeights = true } = {}): Promise<StandInServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const running = new StandInServer(server, url, models, takesWeights);
    server.on('request', (request: IncomingMessage, response) => {
      void running.answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
        response.end(JSON.stringify(body));
      });
    });
    return running;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const path = request.url!;
    const sent = await text(request);
    if (request.method === 'GET') return this.tell(path);
    const body = JSON.parse(sent) as Asked;
    this.asked.push({ path, body });
    if (this.instead.length > 0) return this.instead.shift()!;
    if (!this.models.includes(body.model)) return [404, error(`The model \`${body.model}\` does not exist.`)];
    if (path === '/v1/completions') return complete(body);
    const count = [...body.prompt].length;
    return path === '/tokenize' ? [200, { count, max_model_len: CONTEXT, tokens: [] }] : NOT_FOUND;
  }

  private tell(path: string): Answer {
    if (path === '/v1/models') return [200, { data: this.models.map((id) => ({ id })) }];
    return path === '/weight_info' && this.takesWeights ? [200, { weight_version: 'default' }] : NOT_FOUND;
  }
}

const NOT_FOUND: Answer = [404, { detail: 'Not Found' }];

const error = (message: string): object => ({ error: { message } });

/** What vLLM takes for a salt. */
const SALT = /^[^@/\\\0]{1,128}$/;

function complete(asked: Asked): Answer {
  if (!SALT.test(asked.cache_salt)) return [400, error(`Parameter 'cache_salt' must not be '${asked.cache_salt}'.`)];
  const prompt = [...asked.prompt].map((character) => character.codePointAt(0)!);
  if (prompt.length + asked.max_tokens > CONTEXT) {
    return [400, error(`This model's maximum context length is ${CONTEXT} tokens. However, you requested more.`)];
  }
  const choices = Array.from({ length: asked.n }, (_, index) => ({
    index,
    ...draw(asked, index),
    prompt_token_ids: prompt,
  }));
  return [200, { choices }];
}

/** Sample `index` of a request, as a lone one with that much more of a seed. */
function draw(asked: Asked, index: number): object {
  const { prompt, stop = [], max_tokens: most } = asked;
  const next = randomFrom(`${prompt}/${asked.temperature === 0 ? 'greedy' : asked.seed + index}`);
  const tokens: number[] = [];
  let written = '';
  const stopped = (): boolean => tokens.at(-1) === END || stop.some((end) => written.endsWith(end));
  while (tokens.length < most && !stopped()) {
    const token = tokens.length > 0 && next() < ENDING ? END : 'a'.charCodeAt(0) + Math.floor(next() * LETTERS);
    tokens.push(token);
    if (token !== END) written += String.fromCharCode(token);
  }
  const logprobs = { token_logprobs: tokens.map((token) => Math.log(token === END ? ENDING : 1 / LETTERS)) };
  return { text: written, token_ids: tokens, logprobs, finish_reason: stopped() ? 'stop' : 'length' };
}

/** Numbers from 0 to 1 that follow from a text: FNV-1a, then xorshift. */
function randomFrom(seed: string): () => number {
  let state = 2_166_136_261;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 16_777_619) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}
