import { once } from 'node:events';
import type { handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { AzrError } from '../../domain/errors';
import { toServiceError } from './service-error';

/** Hears of errors that callers are not told. */
export type Report = (error: unknown) => void;

/** A unary method; whatever `answer` throws becomes a status. */
export const unary =
  <Request, Response>(
    answer: (request: Request) => Promise<Response>,
    report: Report,
  ): handleUnaryCall<Request, Response> =>
  (call, respond) => {
    // Within a promise, so that what is thrown at once does not leave the process.
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => respond(null, response),
        (error: unknown) => respond(failure(error, report)),
      );
  };

/**
 * Sends what the generator gives, and asks it for more only when the caller has taken what was sent. Ends the generator
 * when the signal aborts or the call ends.
 */
export async function sendAll<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  responses: AsyncIterable<Response>,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  try {
    for await (const response of responses) {
      signal.throwIfAborted();
      if (!call.write(response)) await once(call, 'drain', { signal });
    }
    call.end();
  } catch (error) {
    // A wait that was aborted says only that; the signal says why.
    if (!call.cancelled) call.emit('error', failure(signal.aborted ? signal.reason : error, report));
  }
}

function failure(error: unknown, report: Report): ReturnType<typeof toServiceError> {
  if (!(error instanceof AzrError) || error.kind === 'internal') report(error);
  return toServiceError(error);
}
