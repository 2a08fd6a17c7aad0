import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { AzrError, InvalidSettings, messageOf, whyIllegal } from '../../domain/errors';
import { ERROR_DOMAIN, PUBLIC_ERRORS } from '../errors';
import { DETAILS_KEY, encodeStatus, type FieldViolation, type StatusDetails } from './status-details';

/**
 * Bytes on the wire. All of a call's trailers have 8 KiB with most clients, and one that is sent more gets no answer,
 * or another one. The message is percent-encoded, the details are in base64 and hold the message once more.
 */
const MESSAGE_BYTES = 1_500;
const DETAILS_BYTES = 4_000;
const FIELD_BYTES = 200;
const DESCRIPTION_BYTES = 600;

/** What a caller is told of a failure. Of one that is nobody's message it hears nothing: that is in the log. */
export function toServiceError(error: unknown): Error & StatusObject {
  const known = error instanceof AzrError;
  const { grpc: code, reason } = PUBLIC_ERRORS[known ? error.kind : 'internal'];
  const told = known ? messageOf(error) : 'an error that was not foreseen; the log of the control plane has it';
  const details = cut(told, MESSAGE_BYTES);
  const metadata = new Metadata();
  const status = { code, message: details, reason, domain: ERROR_DOMAIN, violations: [] };
  metadata.set(DETAILS_KEY, withViolations(status, error instanceof InvalidSettings ? error.problems : []));
  return Object.assign(new Error(details), { code, details, metadata });
}

/** As many of the problems as there is room for; the message names them as well. */
function withViolations(status: StatusDetails, problems: InvalidSettings['problems']): Buffer {
  let encoded = encodeStatus(status);
  const violations: FieldViolation[] = [];
  for (const problem of problems) {
    const description = cut(whyIllegal(problem), DESCRIPTION_BYTES);
    violations.push({ field: cut(problem.path, FIELD_BYTES), description });
    const longer = encodeStatus({ ...status, violations });
    if (longer.length > DETAILS_BYTES) break;
    encoded = longer;
  }
  return encoded;
}

/** At most so many bytes when percent-encoded, and whole code points: half of a surrogate pair cannot be sent. */
function cut(text: string, bytes: number): string {
  let kept = wellFormed(text.slice(0, bytes));
  while (encodeURI(kept).length > bytes) kept = wellFormed(kept.slice(0, Math.floor(0.9 * kept.length)));
  return kept.length < text.length ? `${kept} …` : kept;
}

const wellFormed = (text: string): string => Buffer.from(text).toString();
