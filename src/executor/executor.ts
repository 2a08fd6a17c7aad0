import { Server, ServerCredentials } from '@grpc/grpc-js';
import { PartUnavailable } from '../domain/errors';
import { ExecutorServiceService } from '../generated/azr/v1/executor';
import { ForkServer, LIBRARIES } from './fork-server';
import { ForkServerPool } from './fork-server-pool';
import { MAX_REQUEST_BYTES } from './limits';
import { ProgramAnalyzer } from './program-analyzer';
import { ProgramRunner } from './program-runner';
import { proveJail } from './prove-jail';
import { GROUPS } from './running-program';
import { executorService } from './service';
import { missingFor, refusal, type BuiltTier, type JailReport, type Tier } from './tiers';

export interface ExecutorOptions {
  /** `unix:/path` or `host:port`; port 0 takes a free one. */
  address: string;
  /** None unless told. */
  credentials?: ServerCredentials;
  /** CPython 3.11 to 3.13 that runs programs. */
  python: string;
  /** The weakest jail that is good enough; default 2. */
  minimumTier?: Tier;
  /** The strongest jail to build; default 1. */
  strongestTier?: BuiltTier;
  /** Whether all of this runs in a sandbox that cannot be proved from within, such as gVisor; default false. */
  sandboxed?: boolean;
  /** Fork servers in each group, with the library and without; default 1. */
  workers?: number;
  /** Executions and analyses that run or wait; default 1024. */
  mostRequests?: number;
}

/** For telling callers that their calls have ended. */
const FAREWELL_MS = 1_000;

/** The service with its fork servers. */
export class Executor {
  /** Where clients find it. */
  readonly address: string;

  private constructor(
    address: string,
    readonly report: JailReport,
    private readonly server: Server,
    private readonly pool: ForkServerPool,
  ) {
    this.address = address;
  }

  /** @throws PartUnavailable if the jail is too weak, no interpreter starts, or the address is taken */
  static async start(options: ExecutorOptions): Promise<Executor> {
    const { minimumTier = 2, mostRequests = 1024 } = options;
    if (process.platform !== 'linux') {
      throw new PartUnavailable('executor', 'the jail is made of parts of Linux; use a Linux container');
    }
    const report = await proveOnce(options);
    const reason = refusal(report, minimumTier);
    if (reason !== undefined) throw new PartUnavailable('executor', reason);
    const pool = await startPool(options, report.tier!);
    const analyzer = new ProgramAnalyzer(pool);
    const parts = { runner: new ProgramRunner(pool, analyzer), analyzer, report, mostRequests };
    try {
      const server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES });
      server.addService(ExecutorServiceService, executorService(parts));
      return new Executor(await listen(server, options), report, server, pool);
    } catch (error) {
      await pool.stop();
      throw error;
    }
  }

  /** Ends the fork servers, and with them the calls. */
  async stop(): Promise<void> {
    await this.pool.stop();
    const patience = setTimeout(() => this.server.forceShutdown(), FAREWELL_MS);
    await new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    clearTimeout(patience);
  }
}

async function proveOnce({ python, strongestTier = 1, sandboxed = false }: ExecutorOptions): Promise<JailReport> {
  const server = await ForkServer.start({ python, strongestTier, group: 0, library: 'whole' });
  try {
    return await proveJail(server, sandboxed);
  } finally {
    await server.stop();
  }
}

/** Every fork server must be as well jailed as the one that was tried. */
async function startPool(options: ExecutorOptions, tier: Tier): Promise<ForkServerPool> {
  const { python, strongestTier = 1, workers = 1 } = options;
  const pool = new ForkServerPool(async (kind) => {
    const server = await ForkServer.start({ python, strongestTier, ...kind });
    const [missing] = missingFor(tier, server.report.checks);
    if (missing === undefined) return server;
    await server.stop();
    throw new PartUnavailable('executor', `the jail is weaker than at start: ${missing.name} (${missing.detail})`);
  });
  const groups = Array.from({ length: GROUPS * workers }, (_, i) => i % GROUPS);
  const kinds = LIBRARIES.flatMap((library) => groups.map((group) => ({ group, library })));
  try {
    await Promise.all(kinds.map((kind) => pool.add(kind)));
    return pool;
  } catch (error) {
    await pool.stop();
    throw error;
  }
}

function listen(server: Server, { address, credentials }: ExecutorOptions): Promise<string> {
  return new Promise((resolve, reject) =>
    server.bindAsync(address, credentials ?? ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(new PartUnavailable('executor', `cannot listen on ${address}: ${error.message}`));
      else resolve(address.startsWith('unix:') ? address : address.replace(/:\d+$/, `:${port}`));
    }),
  );
}
