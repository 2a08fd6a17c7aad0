import { Inject, Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { PoolConfig } from 'pg';
import { HealthServer } from './api/grpc/health-server';
import { openDatabase, type Database } from './store/database';
import { PostgresRunStore } from './store/postgres-run-store';

const DATABASE = Symbol('database');

/** What outlives a run: the store and the control plane's own API. */
@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  static connect(database: PoolConfig): DynamicModule {
    const providers: Provider[] = [
      { provide: DATABASE, useFactory: () => openDatabase(database) },
      { provide: PostgresRunStore, useFactory: (db: Database) => new PostgresRunStore(db), inject: [DATABASE] },
      HealthServer,
    ];
    return { module: AppModule, providers, exports: [PostgresRunStore, HealthServer] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.destroy();
  }
}
