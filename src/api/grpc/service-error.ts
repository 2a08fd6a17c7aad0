import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { AzrError, InvalidSettings, messageOf } from '../../domain/errors';
import { ERROR_DOMAIN, PUBLIC_ERRORS } from '../errors';
import { DETAILS_KEY, encodeStatus, type FieldViolation } from './status-details';

/** What a caller is told of a failure. Of one that is nobody's message it hears nothing: that is in the log. */
export function toServiceError(error: unknown): Error & StatusObject {
  const known = error instanceof AzrError;
  const { grpc: code, reason } = PUBLIC_ERRORS[known ? error.kind : 'internal'];
  const details = known ? messageOf(error) : 'an error that was not foreseen; the log of the control plane has it';
  const metadata = new Metadata();
  const violations = error instanceof InvalidSettings ? violationsOf(error) : [];
  metadata.set(DETAILS_KEY, encodeStatus({ code, message: details, reason, domain: ERROR_DOMAIN, violations }));
  return Object.assign(new Error(details), { code, details, metadata });
}

const violationsOf = ({ problems }: InvalidSettings): FieldViolation[] =>
  problems.map(({ path, value, legal }) => ({
    field: path,
    description: `${value === undefined ? 'not set' : JSON.stringify(value)} is not legal; ${legal}`,
  }));
