import { GrpcServer } from '../../src/api/grpc/grpc-server';
import { VerifierService } from '../../src/api/grpc/verifier/verifier-service';
import { ExecutorAdapter } from '../../src/executor/executor-adapter';
import { TestExecutor } from './executor/executor';
import { VerifierClient } from './verifier-client';

/** VerifierService over a real executor, both in this process. */
export class ServedVerifier {
  /** Executions that were begun. */
  begun = 0;
  /** Of the newest call that was let in. */
  signal: AbortSignal | undefined;
  /** Errors that callers were not told. */
  readonly reported: unknown[] = [];
  private readonly open: [GrpcServer, VerifierClient][] = [];

  private constructor(
    private readonly executor: TestExecutor,
    private readonly adapter: ExecutorAdapter,
  ) {}

  static async start(): Promise<ServedVerifier> {
    const executor = await TestExecutor.start();
    return new ServedVerifier(executor, new ExecutorAdapter(executor.executor.address));
  }

  /** A server on a port of its own, and a client of it. */
  async serve(patienceMs?: number): Promise<{ server: GrpcServer; client: VerifierClient }> {
    const { adapter, executor } = this;
    const service = new VerifierService(
      {
        executor: (signal) => {
          this.signal = signal;
          return {
            runAcross: (program, inputs, limits, isWorthMore) => (
              this.begun++,
              adapter.runAcross(program, inputs, limits, isWorthMore, signal)
            ),
            analyze: (program) => adapter.analyze(program),
            skim: (program) => adapter.skim(program),
          };
        },
        capabilities: () => executor.client.capabilities(),
      },
      (error) => this.reported.push(error),
      patienceMs,
    );
    const server = new GrpcServer(0, [service]);
    await server.onApplicationBootstrap();
    const client = new VerifierClient(server.address);
    this.open.push([server, client]);
    return { server, client };
  }

  /** Ends what was served; the executor goes on. */
  async close(): Promise<void> {
    for (const [server, client] of this.open.splice(0)) {
      client.close();
      await server.beforeApplicationShutdown();
    }
  }

  async stop(): Promise<void> {
    this.adapter.close();
    await this.executor.stop();
  }
}
