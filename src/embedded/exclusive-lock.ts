import { createServer, connect, type Server } from 'node:net';

const ANSWER_MS = 2_000;

export interface LockHolder {
  pid: number;
  /** ISO 8601. */
  since: string;
}

/**
 * A name that one process at a time can hold: an abstract Unix socket, which the kernel frees when the process ends,
 * however it ends. Who connects to it is told who holds it.
 */
export class ExclusiveLock {
  private constructor(private readonly server: Server) {}

  /** The lock, or who holds it; `undefined` as holder where that process does not say. */
  static async take(name: string): Promise<ExclusiveLock | { holder: LockHolder | undefined }> {
    const me: LockHolder = { pid: process.pid, since: new Date().toISOString() };
    const server = createServer((connection) => {
      connection.on('error', () => undefined);
      connection.end(JSON.stringify(me), () => connection.destroy());
    });
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(`\0${name}`, () => resolve(true));
    });
    server.unref();
    return taken ? new ExclusiveLock(server) : { holder: await askHolder(name) };
  }

  async release(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function askHolder(name: string): Promise<LockHolder | undefined> {
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const connection = connect(`\0${name}`);
    connection.setTimeout(ANSWER_MS, () => connection.destroy());
    connection.on('data', (chunk) => (text += chunk.toString()));
    connection.on('error', () => undefined);
    connection.on('close', () => resolve(text));
  });
  try {
    return JSON.parse(answer) as LockHolder;
  } catch {
    return undefined;
  }
}
