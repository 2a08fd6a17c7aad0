import { isDeepStrictEqual } from 'node:util';
import type { RunSpec } from '../config/run-spec';
import { AzrError } from '../domain/errors';
import type { Grant, NewRun, PageRequest, RunCatalog, RunPage, RunRecord, StoredGrant } from '../runs/ports';
import type { RunState } from '../selfplay/run';
import type { StoredEvent } from '../selfplay/run-event';
import type { Database } from './database';
import { read, write } from './queries';
import { appendEvents, eventsAfter } from './tables/events';
import { changeState, insertRun, newestRuns, rowOfRequest, rowsInState, runRow, type RunRow } from './tables/runs';

/** All runs, in PostgreSQL. */
export class PostgresRunCatalog implements RunCatalog {
  constructor(private readonly db: Database) {}

  create({ id, spec, budget, requestId }: NewRun): Promise<RunRecord> {
    return write(this.db, async (db) => {
      const inserted = await insertRun(db, {
        ...{ id, spec: JSON.stringify(spec), state: 'pending', step: 0, lease_epoch: 0, spent_seconds: 0 },
        ...{ request_id: requestId ?? null, budget: storedGrant(budget, 0) },
      });
      if (!inserted) return sameRun(fromRow(await rowOfRequest(db, requestId!)), spec, requestId!);
      await appendEvents(db, id, [{ kind: 'state', state: 'pending', detail: '' }]);
      return find(db, id);
    });
  }

  get(runId: string): Promise<RunRecord> {
    return read(this.db, (db) => find(db, runId));
  }

  latest(): Promise<RunRecord | undefined> {
    return read(this.db, async (db) => (await newestRuns(db, 1)).map(fromRow)[0]);
  }

  list({ size, after }: PageRequest): Promise<RunPage> {
    return read(this.db, async (db) => {
      const last = after === undefined ? undefined : fromToken(after);
      if (last !== undefined && !(await runRow(db, last))) throw unknownToken();
      const rows = await newestRuns(db, size + 1, last);
      const runs = rows.slice(0, size).map(fromRow);
      return rows.length > size ? { runs, next: toToken(runs.at(-1)!.id) } : { runs };
    });
  }

  active(): Promise<RunRecord[]> {
    return read(this.db, async (db) => (await rowsInState(db, ['pending', 'seeding', 'running'])).map(fromRow));
  }

  eventsAfter(runId: string, sequence: number, limit: number): Promise<StoredEvent[]> {
    return read(this.db, (db) => eventsAfter(db, runId, sequence, limit));
  }

  setState(runId: string, state: RunState, detail?: string): Promise<RunRecord> {
    return write(this.db, async (db) => {
      await find(db, runId);
      await changeState(db, runId, state, detail);
      return find(db, runId);
    });
  }

  queue(runId: string, grant?: Grant, servers?: readonly string[]): Promise<RunRecord> {
    return write(this.db, async (db) => {
      const { step, settings } = await find(db, runId);
      await changeState(db, runId, 'pending', '', {
        ...(grant && { budget: storedGrant(grant, step), spent_seconds: 0 }),
        ...(servers && { spec: servedBy(settings, servers) }),
      });
      return find(db, runId);
    });
  }
}

/** A page goes on after the last run of the one before. */
const toToken = (runId: string): string => Buffer.from(runId).toString('base64url');

function fromToken(token: string): string {
  const runId = Buffer.from(token, 'base64url').toString();
  if (toToken(runId) !== token || runId.includes('\0')) throw unknownToken();
  return runId;
}

const unknownToken = (): AzrError =>
  new AzrError('invalid', 'page_token: no page gave it; send none for the first page');

const storedGrant = ({ steps, seconds, setAside }: Grant, sinceStep: number): string =>
  JSON.stringify({ steps, seconds, setAside, sinceStep } satisfies StoredGrant);

function servedBy(settings: Record<string, unknown>, servers: readonly string[]): string {
  const { rollout } = settings as Pick<RunSpec, 'rollout'>;
  return JSON.stringify({ ...settings, rollout: { ...rollout, servers } });
}

async function find(db: Database, runId: string): Promise<RunRecord> {
  const row = await runRow(db, runId);
  if (row) return fromRow(row);
  throw new AzrError('not_found', `there is no run ${JSON.stringify(runId)}`);
}

/** What it may spend can have changed since: the settings alone are compared. */
function sameRun(first: RunRecord, spec: RunSpec, requestId: string): RunRecord {
  if (isDeepStrictEqual(first.settings, JSON.parse(JSON.stringify(spec)))) return first;
  const whose = `request_id ${JSON.stringify(requestId)} belongs to run ${first.id}, which has other settings`;
  throw new AzrError('conflict', `${whose}; choose a new one`);
}

const fromRow = (row: RunRow): RunRecord => ({
  id: row.id,
  settings: row.spec as Record<string, unknown>,
  state: row.state as RunState,
  step: row.step,
  spentSeconds: row.spent_seconds,
  budget: { sinceStep: 0, ...row.budget },
  detail: row.detail ?? '',
  createdAt: row.created_at,
  lastSequence: row.last_sequence,
  ...(row.jail && { jail: row.jail }),
});
