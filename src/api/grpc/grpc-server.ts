import { join } from 'node:path';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { HealthImplementation, protoPath as HEALTH_PROTO } from 'grpc-health-check';
import { PROJECT_ROOT } from '../../config/shipped';
import { messageOf, PartUnavailable } from '../../domain/errors';
import type { GrpcService } from './grpc-service';

/** Nobody is asked who they are yet: what listens here is reached from this machine alone. */
const HOST = '127.0.0.1';
const SHUTDOWN_MS = 2_000;
/** Of one message; what the verifier's contract promises. */
const MAX_REQUEST_BYTES = 64 << 20;
const PROTOS = join(PROJECT_ROOT, 'proto');

/**
 * The control plane's gRPC server on loopback: its services, `grpc.health.v1`, which says SERVING of each while the
 * application is up, and reflection.
 */
export class GrpcServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES });
  private readonly health: HealthImplementation;
  private port = 0;

  /** @param wantedPort 0 lets the kernel choose */
  constructor(
    private readonly wantedPort: number,
    private readonly services: readonly GrpcService[],
  ) {
    this.health = new HealthImplementation(Object.fromEntries(this.names.map((name) => [name, 'NOT_SERVING'])));
  }

  /** Known once the application is up. */
  get address(): string {
    return `${HOST}:${this.port}`;
  }

  /** @throws PartUnavailable when it cannot listen */
  async onApplicationBootstrap(): Promise<void> {
    this.health.addToServer(this.server);
    for (const { definition, implementation } of this.services) this.server.addService(definition, implementation);
    const contracts = loadSync([...this.services.map(({ proto }) => proto), HEALTH_PROTO], { includeDirs: [PROTOS] });
    new ReflectionService(contracts).addToServer(this.server);
    this.port = await this.listen();
    for (const name of this.names) this.health.setStatus(name, 'SERVING');
  }

  /** Lets calls in flight end, for a bounded time: an open watch of the health service would block for ever. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const name of this.names) this.health.setStatus(name, 'NOT_SERVING');
    for (const service of this.services) service.close();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.server.forceShutdown();
        resolve();
      }, SHUTDOWN_MS);
      this.server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The server as a whole goes by the empty name. */
  private get names(): string[] {
    return ['', ...this.services.map(({ name }) => name)];
  }

  private listen(): Promise<number> {
    // What goes wrong is thrown; grpc-js would write it to standard error as well.
    setLogVerbosity(logVerbosity.NONE);
    const wanted = `${HOST}:${this.wantedPort}`;
    return new Promise((resolve, reject) =>
      this.server.bindAsync(wanted, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(new PartUnavailable('grpc', `gRPC cannot listen on ${wanted}${why(error)}`)) : resolve(port),
      ),
    );
  }
}

const why = (error: Error): string =>
  error.message.includes('EADDRINUSE') ? ': the port is in use; choose another one' : `: ${messageOf(error)}`;
