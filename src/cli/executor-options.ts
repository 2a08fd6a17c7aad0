import type { Command } from 'commander';
import { AzrError } from '../domain/errors';
import type { ExecutorEndpoint } from '../executor/client';

/** What says where programs run. */
export interface ExecutorOptions {
  executor?: string;
  executorCa?: string;
  executorCert?: string;
  executorKey?: string;
}

export const withExecutorOptions = (command: Command): Command =>
  command
    .option('--executor <address>', 'host:port of an executor that runs already; one of its own unless told')
    .option('--executor-ca <file>', 'authorities of that executor, for TLS (PEM)')
    .option('--executor-cert <file>', 'certificate to show it (PEM)')
    .option('--executor-key <file>', 'its key (PEM)');

/** @throws AzrError `invalid` where there are certificates and nobody to show them to */
export function executorElsewhere(options: ExecutorOptions): ExecutorEndpoint | undefined {
  const { executor: address, executorCa: ca, executorCert: cert, executorKey: key } = options;
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  if (address !== undefined) return { address, tls };
  const [needless] = Object.keys(tls);
  if (needless) throw new AzrError('invalid', `--executor-${needless} needs --executor`);
  return undefined;
}
