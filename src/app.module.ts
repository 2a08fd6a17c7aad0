import { Inject, Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { PoolConfig } from 'pg';
import { GrpcServer } from './api/grpc/grpc-server';
import type { GrpcService } from './api/grpc/grpc-service';
import type { RunCatalog, RunDriver } from './runs/ports';
import { newRunId } from './runs/run-id';
import { Runs } from './runs/runs';
import type { RunStore } from './selfplay/ports';
import { openDatabase, type Database } from './store/database';
import { PostgresReportSource } from './store/postgres-report-source';
import { PostgresRunCatalog } from './store/postgres-run-catalog';
import { PostgresRunStore } from './store/postgres-run-store';

const DATABASE = Symbol('database');

export interface AppOptions {
  database: PoolConfig;
  /** What executes runs, over the store. */
  driver(store: RunStore): RunDriver;
  /** Hears of errors that nobody else is told. */
  report(error: unknown): void;
  /** gRPC on loopback: the port, 0 for any, and what is served there beside health and reflection. */
  grpc: { port: number; services(runs: Runs): GrpcService[] };
}

/** What outlives a run: the store, the runs and the control plane's own API. */
@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  static with({ database, driver, report, grpc }: AppOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: DATABASE, useFactory: () => openDatabase(database) },
      { provide: PostgresRunStore, useFactory: (db: Database) => new PostgresRunStore(db), inject: [DATABASE] },
      { provide: PostgresRunCatalog, useFactory: (db: Database) => new PostgresRunCatalog(db), inject: [DATABASE] },
      { provide: PostgresReportSource, useFactory: (db: Database) => new PostgresReportSource(db), inject: [DATABASE] },
      {
        provide: Runs,
        useFactory: (catalog: RunCatalog, store: RunStore) =>
          new Runs({ catalog, driver: driver(store), newId: newRunId, report }),
        inject: [PostgresRunCatalog, PostgresRunStore],
      },
      {
        provide: GrpcServer,
        useFactory: (runs: Runs) => new GrpcServer(grpc.port, grpc.services(runs)),
        inject: [Runs],
      },
    ];
    return { module: AppModule, providers, exports: [Runs, GrpcServer, PostgresReportSource] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.destroy();
  }
}
