import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExecutor } from '../../../src/embedded/executor';
import { openHome, type Home } from '../../../src/embedded/home';
import { childrenOf } from '../process-tree';
import { pidOf } from '../processes';

/** The executor as `npm start` has it: `azr executor` in a process of its own, as many fork servers as it takes. */
export class ExecutorProcess {
  private constructor(
    /** Of its gRPC server, a Unix socket. */
    readonly address: string,
    private readonly home: Home,
  ) {}

  /** @throws AzrError where the jail is weaker than tier 2, or it does not start */
  static async start(): Promise<ExecutorProcess> {
    const home = await openHome(mkdtempSync(join(tmpdir(), 'azr-executor-')));
    try {
      const { ready } = startExecutor(home, { minimumTier: 2 });
      return new ExecutorProcess(await ready, home);
    } catch (error) {
      await close(home);
      throw error;
    }
  }

  /** Of the supervisor; the fork servers are its descendants. */
  get pid(): number {
    return pidOf(childrenOf(process.pid).map(String), this.home.sockets);
  }

  stop(): Promise<void> {
    return close(this.home);
  }
}

async function close(home: Home): Promise<void> {
  await home.close();
  rmSync(home.path, { recursive: true, force: true });
}
