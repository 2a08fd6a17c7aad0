import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A service that a `GrpcServer` offers. */
export interface GrpcService {
  /** Full name: `azr.v1.RunService`. */
  name: string;
  /** Path of its contract below `proto/`. */
  proto: string;
  definition: ServiceDefinition;
  implementation: UntypedServiceImplementation;
  /** Ends its streams; calls that are answered by themselves may end. */
  close(): void;
}
