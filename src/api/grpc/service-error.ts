import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { AzrError, InvalidSettings, messageOf, whyIllegal } from '../../domain/errors';
import { ERROR_DOMAIN, PUBLIC_ERRORS } from '../errors';
import { DETAILS_KEY, encodeStatus, type FieldViolation } from './status-details';

/** Trailers have some kilobytes in all, and a peer that is sent more gets no answer. */
const LONGEST_MESSAGE = 2_000;
const MOST_VIOLATIONS = 20;

/** What a caller is told of a failure. Of one that is nobody's message it hears nothing: that is in the log. */
export function toServiceError(error: unknown): Error & StatusObject {
  const known = error instanceof AzrError;
  const { grpc: code, reason } = PUBLIC_ERRORS[known ? error.kind : 'internal'];
  const details = cut(
    known ? messageOf(error) : 'an error that was not foreseen; the log of the control plane has it',
    LONGEST_MESSAGE,
  );
  const metadata = new Metadata();
  const violations = error instanceof InvalidSettings ? violationsOf(error) : [];
  metadata.set(DETAILS_KEY, encodeStatus({ code, message: details, reason, domain: ERROR_DOMAIN, violations }));
  return Object.assign(new Error(details), { code, details, metadata });
}

const violationsOf = ({ problems }: InvalidSettings): FieldViolation[] =>
  problems.slice(0, MOST_VIOLATIONS).map((problem) => ({
    field: cut(problem.path, LONGEST_FIELD),
    description: cut(whyIllegal(problem), LONGEST_DESCRIPTION),
  }));

const LONGEST_FIELD = 100;
const LONGEST_DESCRIPTION = 500;

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length)} …`);
