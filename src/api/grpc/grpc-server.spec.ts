import { once } from 'node:events';
import { credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { GrpcServer } from './grpc-server';

const HealthClient = makeGenericClientConstructor(service as unknown as ServiceDefinition, 'Health');

/** The generic client's calls, as the protocol names them. */
interface Calls {
  check(request: object, done: (error: Error | null, response: { status: string }) => void): void;
  watch(request: object): NodeJS.ReadableStream;
  close(): void;
}

describe('the gRPC server', () => {
  it('says SERVING while the application is up, and does not let an open watch keep it from ending', async () => {
    const server = new GrpcServer(0, []);
    await server.onApplicationBootstrap();
    const client = new HealthClient(server.address, credentials.createInsecure()) as unknown as Calls;
    const { status } = await new Promise<{ status: string }>((resolve, reject) =>
      client.check({ service: '' }, (error, response) => (error ? reject(error) : resolve(response))),
    );
    expect(status).toBe('SERVING');

    const watch = client.watch({ service: '' });
    watch.on('error', () => undefined);
    expect(await once(watch, 'data')).toEqual([{ status: 'SERVING' }]);
    const changed = once(watch, 'data');
    await server.beforeApplicationShutdown();
    expect(await changed).toEqual([{ status: 'NOT_SERVING' }]);
    client.close();
  });

  it('says which address it cannot have', async () => {
    const owner = new GrpcServer(0, []);
    await owner.onApplicationBootstrap();
    const second = new GrpcServer(Number(owner.address.split(':')[1]), []);
    const refused = await second.onApplicationBootstrap().catch((error: unknown) => error);
    await owner.beforeApplicationShutdown();
    expect(refused).toMatchObject({
      kind: 'unavailable',
      message: `gRPC cannot listen on ${owner.address}: the port is in use; choose another one`,
    });
  });
});
