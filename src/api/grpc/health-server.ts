import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HealthImplementation } from 'grpc-health-check';
import { messageOf, PartUnavailable } from '../../domain/errors';

const SHUTDOWN_MS = 2_000;

/** The control plane's gRPC server on loopback; `grpc.health.v1` says SERVING while the application is up. */
@Injectable()
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly server = new Server();
  private readonly health = new HealthImplementation({ '': 'NOT_SERVING' });
  private port = 0;

  /** On loopback, at a port that the kernel chose; known once the application is up. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.health.addToServer(this.server);
    this.port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(new PartUnavailable('grpc', `gRPC cannot listen: ${messageOf(error)}`)) : resolve(port),
      ),
    );
    this.health.setStatus('', 'SERVING');
  }

  /** Lets calls in flight end, for a bounded time: an open watch would block for ever. */
  async onApplicationShutdown(): Promise<void> {
    this.health.setStatus('', 'NOT_SERVING');
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
}
