import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** One field of a request, and what is wrong with it. */
export interface FieldViolation {
  field: string;
  description: string;
}

export interface StatusDetails {
  code: number;
  message: string;
  reason: string;
  domain: string;
  violations: readonly FieldViolation[];
}

/** Key of the trailer that carries `google.rpc.Status`. */
export const DETAILS_KEY = 'grpc-status-details-bin';

/**
 * `google.rpc.Status` with an `ErrorInfo` and, where there are violations, a `BadRequest`, as protobuf writes them
 * (google/rpc/status.proto, google/rpc/error_details.proto).
 */
export function encodeStatus({ code, message, reason, domain, violations }: StatusDetails): Buffer {
  const status = new BinaryWriter().uint32(tag(1, VARINT)).int32(code).uint32(tag(2)).string(message);
  detail(status, 'ErrorInfo', new BinaryWriter().uint32(tag(1)).string(reason).uint32(tag(2)).string(domain));
  if (violations.length > 0) detail(status, 'BadRequest', badRequest(violations));
  return Buffer.from(status.finish());
}

const VARINT = 0;
const DELIMITED = 2;
const tag = (field: number, wireType = DELIMITED): number => (field << 3) | wireType;

function badRequest(violations: readonly FieldViolation[]): BinaryWriter {
  const message = new BinaryWriter();
  for (const { field, description } of violations) {
    message.uint32(tag(1)).fork().uint32(tag(1)).string(field).uint32(tag(2)).string(description).join();
  }
  return message;
}

/** Appends a `google.protobuf.Any` to the status's details. */
const detail = (status: BinaryWriter, type: string, message: BinaryWriter): BinaryWriter =>
  status
    .uint32(tag(3))
    .fork()
    .uint32(tag(1))
    .string(`type.googleapis.com/google.rpc.${type}`)
    .uint32(tag(2))
    .bytes(message.finish())
    .join();
