import { setMaxListeners } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { AzrError } from '../../domain/errors';
import { sendAll, type Report } from './handlers';

/** The calls of a service that are answered by streams. */
export class Streams {
  private readonly calls = new Set<AbortController>();

  constructor(private readonly report: Report) {}

  /** Calls that are being answered. */
  get count(): number {
    return this.calls.size;
  }

  /**
   * Answers a call with what `responses` gives. Their controller aborts when the call ends, however it does; whoever
   * aborts it with an AzrError ends the call with that. Never rejects.
   */
  async answer<Request, Response>(
    call: ServerWritableStream<Request, Response>,
    responses: (request: Request, ending: AbortController) => AsyncIterable<Response>,
  ): Promise<void> {
    const ending = new AbortController();
    setMaxListeners(0, ending.signal); // all that runs for a call listens
    this.calls.add(ending);
    call.on('cancelled', () => ending.abort());
    try {
      await sendAll(call, responses(call.request, ending), ending.signal, this.report);
    } finally {
      this.calls.delete(ending);
      ending.abort();
    }
  }

  /** Ends all of them. */
  end(reason: AzrError): void {
    for (const call of this.calls) call.abort(reason);
  }
}
