import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { credentials, ServerCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import { AzrError, messageOf } from '../domain/errors';

/** PEM files. */
export interface TlsFiles {
  /** Certificate of this side and its key. */
  cert?: string;
  key?: string;
  /** Authorities that the other side's certificate must come from. */
  ca?: string;
}

/**
 * Credentials of a server. Without files it has none, and may listen on a Unix socket or loopback alone; with `ca` it
 * answers those clients alone who show a certificate.
 * @throws AzrError `invalid` that names the option or the file
 */
export function serverCredentials(address: string, { cert, key, ca }: TlsFiles): ServerCredentials {
  if (!cert && !key && !ca) {
    if (isLocal(address)) return ServerCredentials.createInsecure();
    throw new AzrError('invalid', `${address} can be reached from elsewhere: give --tls-cert and --tls-key`);
  }
  if (!cert || !key) throw new AzrError('invalid', `--tls-${cert ? 'key' : 'cert'} is missing`);
  const own = { cert: read('--tls-cert', cert), key: read('--tls-key', key) };
  const authorities = ca ? read('--tls-ca', ca) : undefined;
  check({ ...own, ca: authorities });
  const pair = { cert_chain: own.cert, private_key: own.key };
  return ServerCredentials.createSsl(authorities ?? null, [pair], authorities !== undefined);
}

/** Credentials of a client; without files it has none. @throws as `serverCredentials` */
export function clientCredentials({ cert, key, ca }: TlsFiles): ChannelCredentials {
  if (!cert && !key && !ca) return credentials.createInsecure();
  if (!ca) throw new AzrError('invalid', 'the executor can be known by its authority alone: --executor-ca is missing');
  if (Boolean(cert) !== Boolean(key)) {
    throw new AzrError('invalid', `--executor-${cert ? 'key' : 'cert'} is missing`);
  }
  const own = cert && key ? { cert: read('--executor-cert', cert), key: read('--executor-key', key) } : undefined;
  const authorities = read('--executor-ca', ca);
  check({ ...own, ca: authorities });
  return credentials.createSsl(authorities, own?.key, own?.cert);
}

const isLocal = (address: string): boolean =>
  address.startsWith('unix:') || /^(127(\.\d+){3}|localhost|\[::1\]):\d+$/.test(address);

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AzrError('invalid', `${option}: ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** OpenSSL refuses what is no certificate, no key, or not the certificate's key. */
function check(files: SecureContextOptions): void {
  try {
    createSecureContext(files);
  } catch (error) {
    throw new AzrError('invalid', `the certificates cannot be used: ${messageOf(error)}`);
  }
}
