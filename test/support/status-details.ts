import { join } from 'node:path';
import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';

const contract = loadSync(join(__dirname, 'google-rpc.proto'), { longs: Number });

const read = (type: string, bytes: Buffer): Record<string, unknown> =>
  (contract[`google.rpc.${type}`] as MessageTypeDefinition<object, Record<string, unknown>>).deserialize(bytes);

/** The google.rpc details of a failure by their type, as any client's library reads them. */
export function statusDetails(error: { metadata: Metadata }): Record<string, unknown> & { status: object } {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const { details, ...status } = read('Status', bytes as Buffer);
  const parts = (details as { type_url: string; value: Buffer }[]).map(({ type_url, value }) => {
    const type = type_url.replace('type.googleapis.com/google.rpc.', '');
    return [type, read(type, value)] as const;
  });
  return { status, ...Object.fromEntries(parts) };
}

/** What a call failed with. */
export const failureOf = async (call: Promise<unknown>): Promise<ServiceError> => {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call did not fail');
};
