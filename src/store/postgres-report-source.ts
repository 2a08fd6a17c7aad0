import type { AdmittedProgram, EpisodeTally, ReportSample, ReportSource, StepRange } from '../report/ports';
import type { StoredEvent } from '../selfplay/run-event';
import type { Database } from './database';
import { read } from './queries';
import { episodeSamples } from './tables/episode-samples';
import { admittedPrograms, episodeTallies } from './tables/episode-tallies';
import { eventsAfter } from './tables/events';

/** What reports read of runs, in PostgreSQL. */
export class PostgresReportSource implements ReportSource {
  constructor(private readonly db: Database) {}

  eventsAfter(runId: string, sequence: number, limit: number): Promise<StoredEvent[]> {
    return read(this.db, (db) => eventsAfter(db, runId, sequence, limit));
  }

  episodeTallies(runId: string, steps: StepRange): Promise<EpisodeTally[]> {
    return read(this.db, (db) => episodeTallies(db, runId, steps));
  }

  admittedPrograms(runId: string, steps: StepRange): Promise<AdmittedProgram[]> {
    return read(this.db, (db) => admittedPrograms(db, runId, steps));
  }

  samples(runId: string, steps: StepRange, which: 'earliest' | 'latest'): Promise<ReportSample[]> {
    return read(this.db, (db) => episodeSamples(db, runId, steps, which));
  }
}
