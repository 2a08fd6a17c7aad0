import type { Jail } from '../api/grpc/verifier/verifier-service';
import { ExecutorAdapter } from '../executor/executor-adapter';
import type { ProgramExecutor } from '../verifier/ports';
import type { SharedExecutor } from './shared-executor';

/** Where the programs of those run who ask for verdicts: in the executor of the home, beside those of a run. */
export class CallersJail implements Jail {
  private adapter: ExecutorAdapter | undefined;

  /** @param minimumTier weakest jail that is good enough, 1 to 3 */
  constructor(
    private readonly shared: SharedExecutor,
    private readonly minimumTier: number,
  ) {}

  executor(signal: AbortSignal): ProgramExecutor {
    const bound = <T>(work: (adapter: ExecutorAdapter) => Promise<T>): Promise<T> =>
      unlessAborted(this.reach().then(work), signal);
    return {
      runAcross: (program, inputs, limits, isWorthMore) =>
        bound((adapter) => adapter.runAcross(program, inputs, limits, isWorthMore, signal)),
      analyze: (program) => bound((adapter) => adapter.analyze(program)),
      skim: (program) => bound((adapter) => adapter.skim(program)),
    };
  }

  capabilities(): Promise<{ tier: number; pythonVersion: string }> {
    return this.shared.reach(this.minimumTier);
  }

  close(): void {
    this.adapter?.close();
  }

  /** One adapter for all callers: it bounds what they ask of the executor, and its address stays the same. */
  private async reach(): Promise<ExecutorAdapter> {
    const { address, tls } = await this.shared.reach(this.minimumTier);
    return (this.adapter ??= new ExecutorAdapter(address, tls));
  }
}

/** Nobody waits for work whose turn has not come yet when it is given up. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
