import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from '../../../src/control-plane/closers';
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

  /**
   * @param closers end it, also while it is starting
   * @throws AzrError where the jail is weaker than tier 2, or it does not start
   */
  static async start(closers: Closers): Promise<ExecutorProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'azr-executor-'));
    closers.add(folder, () => rmSync(folder, { recursive: true, force: true }));
    const home = closers.add(await openHome(folder), (opened) => opened.close());
    return new ExecutorProcess(await startExecutor(home, { minimumTier: 2 }).ready, home);
  }

  /** Of the supervisor; the fork servers are its descendants. */
  get pid(): number {
    return pidOf(childrenOf(process.pid).map(String), this.home.sockets);
  }
}
