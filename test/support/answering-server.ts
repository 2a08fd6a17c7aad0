import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  prompt: string;
  n: number;
}

/** A server in vLLM's dialect that gives every prompt the same answer, and ends when it has given so many. */
export class AnsweringServer {
  private answered = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: string, { models = ['policy'], most = Infinity } = {}): Promise<AnsweringServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const running = new AnsweringServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void request.toArray().then((chunks) => {
        if (request.url === '/v1/models') reply(response, { data: models.map((id) => ({ id })) });
        else if (request.url === '/tokenize') reply(response, { count: 3, max_model_len: 32_768 });
        else if (request.url !== '/v1/completions') response.writeHead(404).end();
        else if (running.answered++ >= most) running.stop();
        else reply(response, { choices: choices(JSON.parse(chunks.join('')) as Asked, answer) });
      });
    });
    return running;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const choices = ({ n }: Asked, text: string): object[] =>
  Array.from({ length: n }, (_, index) => ({
    ...{ index, text, finish_reason: 'stop', token_ids: [1], prompt_token_ids: [2] },
    logprobs: { token_logprobs: [-1] },
  }));

const reply = (response: ServerResponse, body: object): void => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
};
