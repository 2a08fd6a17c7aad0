import { status } from '@grpc/grpc-js';
import type { ErrorKind } from '../domain/errors';

/** Who gives the reasons of `ErrorInfo` their meaning. */
export const ERROR_DOMAIN = 'azr';

export interface PublicError {
  grpc: status;
  /** For programs; does not change. */
  reason: string;
}

/** What those outside are told of each kind of domain error. */
export const PUBLIC_ERRORS: Record<ErrorKind, PublicError> = {
  invalid: { grpc: status.INVALID_ARGUMENT, reason: 'INVALID' },
  not_found: { grpc: status.NOT_FOUND, reason: 'NOT_FOUND' },
  conflict: { grpc: status.FAILED_PRECONDITION, reason: 'CONFLICT' },
  unavailable: { grpc: status.UNAVAILABLE, reason: 'PART_UNAVAILABLE' },
  timeout: { grpc: status.DEADLINE_EXCEEDED, reason: 'TIMEOUT' },
  internal: { grpc: status.INTERNAL, reason: 'INTERNAL' },
};
