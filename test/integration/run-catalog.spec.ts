import type { NewRun } from '../../src/runs/ports';
import { runOf } from '../../src/runs/run-record';
import { PostgresRunCatalog } from '../../src/store/postgres-run-catalog';
import { PostgresRunStore } from '../../src/store/postgres-run-store';
import { appendEvents } from '../../src/store/tables/events';
import { specWith } from '../support/specs';
import { startTestDatabase, type TestDatabase } from '../support/test-database';

describe('the run catalog', () => {
  let database: TestDatabase;
  let catalog: PostgresRunCatalog;
  beforeAll(async () => {
    database = await startTestDatabase();
    catalog = new PostgresRunCatalog(database.db);
  }, 60_000);
  afterAll(() => database?.stop(), 30_000);
  beforeEach(() => database.db.deleteFrom('runs').execute());

  const spec = specWith();
  const create = (id: string, rest: Partial<NewRun> = {}) => catalog.create({ id, spec, budget: {}, ...rest });
  const eventsOf = (id: string, after = 0, limit = 1_000) => catalog.eventsAfter(id, after, limit);

  it('stores a run that waits, with its first event, and gives back the settings that it was made with', async () => {
    const made = await create('a', { budget: { steps: 3 } });
    expect(made).toMatchObject({
      ...{ id: 'a', state: 'pending', step: 0, spentSeconds: 0, detail: '', lastSequence: 1 },
      budget: { steps: 3, sinceStep: 0 },
    });
    expect(await catalog.get('a')).toEqual(made);
    expect(runOf(made).spec).toEqual(spec);
    expect((await eventsOf('a')).map(({ event }) => event)).toEqual([{ kind: 'state', state: 'pending', detail: '' }]);
  });

  it('gives a repeated request the first run, also at the same moment, and refuses it other settings', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((id) => create(id, { requestId: 'once' })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await catalog.list({ size: 10 })).runs).toEqual([made[0]]);
    const other = create('d', { requestId: 'once', spec: specWith('seed=5') });
    await expect(other).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('"once"') });
    expect(await create('e', { requestId: 'twice' })).toMatchObject({ id: 'e' });
  });

  it('pages through runs, newest first, though new ones are made meanwhile', async () => {
    for (const id of ['1', '2', '3', '4', '5']) await create(id);
    // Two of one moment are told apart by their ids.
    const moment = (await catalog.get('3')).createdAt;
    await database.db.updateTable('runs').set({ created_at: moment }).where('id', 'in', ['2', '3']).execute();
    const first = await catalog.list({ size: 2 });
    await create('6');
    const second = await catalog.list({ size: 2, after: first.next! });
    const last = await catalog.list({ size: 2, after: second.next! });
    const ids = [first, second, last].map(({ runs }) => runs.map(({ id }) => id));
    expect(ids).toEqual([['5', '4'], ['3', '2'], ['1']]);
    expect(last.next).toBeUndefined();
    expect((await catalog.latest())?.id).toBe('6');
  });

  it.each(['x', '!', Buffer.from('no such run').toString('base64url'), Buffer.from('\0').toString('base64url')])(
    'refuses the page token %j',
    async (after) => {
      await expect(catalog.list({ size: 1, after })).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  it('numbers events without gap or repeat, however many are appended at once', async () => {
    await create('a');
    await create('b');
    const append = (id: string, i: number) =>
      database.db.transaction().execute((db) =>
        appendEvents(db, id, [
          { kind: 'note', message: `${i}` },
          { kind: 'note', message: `${i}, again` },
        ]),
      );
    await Promise.all(Array.from({ length: 40 }, (_, i) => append(i % 2 === 0 ? 'a' : 'b', i)));
    for (const id of ['a', 'b']) {
      const events = await eventsOf(id);
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1));
      expect((await catalog.get(id)).lastSequence).toBe(41);
      expect(await eventsOf(id, 10, 5)).toEqual(events.slice(10, 15));
    }
  });

  it('queues a run again with a new grant, from the step and the seconds that it stands at', async () => {
    await create('a', { budget: { seconds: 60 } });
    await database.db.updateTable('runs').set({ step: 7, spent_seconds: 60, state: 'finished' }).execute();
    expect(await catalog.queue('a')).toMatchObject({ state: 'pending', spentSeconds: 60, budget: { seconds: 60 } });
    const granted = await catalog.queue('a', { steps: 2, setAside: 30 });
    expect(granted).toMatchObject({ spentSeconds: 0, budget: { steps: 2, setAside: 30, sinceStep: 7 } });
    const servers = ['http://127.0.0.1:8000'];
    const { settings } = await catalog.queue('a', undefined, servers);
    const { rollout } = granted.settings as { rollout: object };
    expect(settings).toEqual({ ...granted.settings, rollout: { ...rollout, servers } });
  });

  it('keeps what held the programs of a run when it was last executed', async () => {
    expect(await create('a')).not.toHaveProperty('jail');
    const store = new PostgresRunStore(database.db);
    for (const tier of [2, 1]) await store.saveJail('a', { tier, pythonVersion: '3.11.7' });
    expect(await catalog.get('a')).toMatchObject({ jail: { tier: 1, pythonVersion: '3.11.7' } });
  });

  it('keeps why a run is in its state, whatever the text, and lists those that are not at rest', async () => {
    for (const id of ['a', 'b', 'c']) await create(id);
    const failed = await catalog.setState('b', 'failed', 'a \u0000 and \ud800');
    expect(failed).toMatchObject({ state: 'failed', detail: 'a \u0000 and \ud800', lastSequence: 2 });
    await catalog.setState('c', 'running');
    expect((await catalog.active()).map(({ id }) => id)).toEqual(['a', 'c']);
    await expect(catalog.setState('z', 'running')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('lists a run whose settings are of an earlier version, and says so only when it is to go on', async () => {
    await create('a');
    await create('old');
    await database.db
      .updateTable('runs')
      .set({ spec: '{"seed": 0, "colour": "red"}' })
      .where('id', '=', 'old')
      .execute();
    const { runs } = await catalog.list({ size: 10 });
    expect(runs.map(({ id }) => id)).toEqual(['old', 'a']);
    expect(() => runOf(runs[0]!)).toThrow(/run old .*--new/);
    expect(runOf(runs[1]!).id).toBe('a');
  });
});
