import { once } from 'node:events';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { AzrError } from '../domain/errors';
import { Executor, type ExecutorOptions } from './executor';
import type { Tier } from './tiers';

export interface ExecutorProcessOptions {
  /** Path of the Unix socket to listen on. */
  socket: string;
  /** CPython that runs programs. */
  python: string;
  /** 1 to 3. */
  minimumTier: number;
  /** 1 to 3; default 1. */
  strongestTier?: number;
  /** End when standard input closes. */
  ownerStdin: boolean;
  /** Fork servers in each group; default 1. */
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

function checked({ socket, python, minimumTier, strongestTier = 1, workers }: ExecutorProcessOptions): ExecutorOptions {
  const tiers = [tier('executor.minimumTier', minimumTier), tier('the strongest tier', strongestTier)] as const;
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
    const legal = `a Unix socket's path has ${MAX_SOCKET_PATH} bytes at most`;
    throw new AzrError('invalid', `socket: ${socket} is too long; ${legal}`);
  }
  return { address: `unix:${socket}`, python, minimumTier: tiers[0], strongestTier: tiers[1], workers };
}

function tier(name: string, value: number): Tier {
  if ([1, 2, 3].includes(value)) return value as Tier;
  throw new AzrError('invalid', `${name}: ${value} is not legal; 1, 2 or 3 is`);
}

/** Resolves at SIGTERM, SIGINT or, if asked, at the end of standard input. */
function endOfService(ownerStdin: boolean): Promise<unknown> {
  const ends: Promise<unknown>[] = [once(process, 'SIGTERM'), once(process, 'SIGINT')];
  if (ownerStdin) ends.push(once(process.stdin.resume(), 'close'), once(process.stdin, 'end'));
  return Promise.race(ends);
}
