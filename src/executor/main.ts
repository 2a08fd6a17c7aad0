import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { AzrError } from '../domain/errors';
import { Executor, type ExecutorOptions } from './executor';
import { GROUPS } from './running-program';
import { serverCredentials } from './tls';

export interface ExecutorProcessOptions {
  /** Path of the Unix socket to listen on. */
  socket?: string;
  /** Or `host:port`; port 0 takes a free one. With TLS, unless it is on loopback. */
  listen?: string;
  tlsCert?: string;
  tlsKey?: string;
  /** Authorities of its clients; without them any may call. */
  tlsCa?: string;
  /** CPython that runs programs. */
  python: string;
  /** 0 to 3. */
  minimumTier: number;
  /** 1 to 3; default 1. */
  strongestTier?: number;
  /** A sandbox around all of this, such as gVisor: with tier 2 inside it is tier 0. */
  sandboxed?: boolean;
  /** End when standard input closes. */
  ownerStdin: boolean;
  /** Fork servers in each group, with the library and without; together one of each for each core unless told. */
  workers?: number;
}

/** Longest path that fits the kernel's address of a Unix socket. */
const MAX_SOCKET_PATH = 107;

/**
 * Runs the executor until it is asked to end; then resolves. Says `{"ready":true,"address":…}` on standard output.
 * @throws AzrError with one line that says why it does not start
 */
export async function runExecutorProcess(options: ExecutorProcessOptions): Promise<void> {
  setLogVerbosity(logVerbosity.NONE); // what matters comes back as errors
  const asked = endOfService(options.ownerStdin);
  try {
    const executor = await Executor.start(checked(options));
    process.stdout.write(`${JSON.stringify({ ready: true, address: executor.address })}\n`);
    await asked;
    await executor.stop();
  } finally {
    process.stdin.destroy();
  }
}

function checked(options: ExecutorProcessOptions): ExecutorOptions {
  const { python, minimumTier, strongestTier = 1, sandboxed, tlsCert, tlsKey, tlsCa } = options;
  const workers = options.workers ?? Math.max(1, Math.floor(availableParallelism() / GROUPS));
  const address = addressOf(options);
  return {
    ...{ address, python, workers, sandboxed },
    credentials: serverCredentials(address, { cert: tlsCert, key: tlsKey, ca: tlsCa }),
    minimumTier: oneOf('executor.minimumTier', [0, 1, 2, 3] as const, minimumTier),
    strongestTier: oneOf('the strongest tier to build', [1, 2, 3] as const, strongestTier),
  };
}

function addressOf({ socket, listen }: ExecutorProcessOptions): string {
  if ((socket === undefined) === (listen === undefined)) {
    throw new AzrError('invalid', 'give either --socket or --listen');
  }
  if (listen !== undefined) {
    if (/^.+:\d{1,5}$/.test(listen)) return listen;
    throw new AzrError('invalid', `--listen: ${listen} is not legal; host:port is`);
  }
  if (Buffer.byteLength(socket!) <= MAX_SOCKET_PATH) return `unix:${socket}`;
  const legal = `a Unix socket's path has ${MAX_SOCKET_PATH} bytes at most`;
  throw new AzrError('invalid', `socket: ${socket} is too long; ${legal}`);
}

function oneOf<T extends number>(name: string, legal: readonly T[], value: number): T {
  const found = legal.find((it) => it === value);
  if (found !== undefined) return found;
  throw new AzrError(
    'invalid',
    `${name}: ${value} is not legal; ${legal.slice(0, -1).join(', ')} or ${legal.at(-1)} is`,
  );
}

/** Resolves at SIGTERM, SIGINT or, if asked, at the end of standard input. */
function endOfService(ownerStdin: boolean): Promise<unknown> {
  const ends: Promise<unknown>[] = [once(process, 'SIGTERM'), once(process, 'SIGINT')];
  if (ownerStdin) ends.push(once(process.stdin.resume(), 'close'), once(process.stdin, 'end'));
  return Promise.race(ends);
}
