import { AzrError } from '../../src/domain/errors';
import type { RunRequest } from '../../src/runs/runs';
import { Runs } from '../../src/runs/runs';
import type { WatchItem } from '../../src/runs/watch-run';
import type { RunState } from '../../src/selfplay/run';
import { PostgresRunCatalog } from '../../src/store/postgres-run-catalog';
import { appendEvents } from '../../src/store/tables/events';
import { ScriptedDriver } from '../support/scripted-driver';
import { specWith } from '../support/specs';
import { startTestDatabase, type TestDatabase } from '../support/test-database';

const spec = specWith();

describe('runs', () => {
  let database: TestDatabase;
  let catalog: PostgresRunCatalog;
  let driver: ScriptedDriver;
  let runs: Runs;
  let reported: unknown[];
  let made = 0;

  beforeAll(async () => {
    database = await startTestDatabase();
    catalog = new PostgresRunCatalog(database.db);
  }, 60_000);
  afterAll(() => database?.stop(), 30_000);
  beforeEach(async () => {
    await database.db.deleteFrom('runs').execute();
    begin();
  });
  afterEach(() => runs.close());

  /** A process's life: it knows nothing but what is stored. */
  const begin = () => {
    driver = new ScriptedDriver();
    reported = [];
    runs = new Runs({ catalog, driver, newId: () => `run-${++made}`, report: (error) => reported.push(error) });
  };
  const create = (rest: Partial<RunRequest> = {}) => runs.create({ spec, budget: {}, ...rest });
  const note = (id: string, ...messages: string[]) =>
    database.db.transaction().execute((db) =>
      appendEvents(
        db,
        id,
        messages.map((message) => ({ kind: 'note', message })),
      ),
    );
  /** The watch to its end: texts of the events with their sequence. */
  const rest = async (id: string, after = 0) => {
    const items: WatchItem[] = [];
    for await (const item of runs.watch(id, after)) items.push(item);
    return items;
  };
  const words = (item: WatchItem) => {
    if (item.kind === 'snapshot') return `snapshot ${item.run.state}`;
    const { sequence, event } = item.event;
    return `${sequence} ${event.kind === 'state' ? event.state : event.kind === 'note' ? event.message : event.kind}`;
  };
  const stateOf = async (id: string): Promise<RunState> => (await runs.get(id)).state;

  it('executes one at a time, in the order in which they were asked for', async () => {
    const [a, b, c] = [await create(), await create(), await create()];
    const first = await driver.next();
    expect(first.run).toMatchObject({ id: a.id, spec });
    expect([a.state, await stateOf(c.id)]).toEqual(['pending', 'pending']);
    await catalog.setState(a.id, 'finished');
    first.end();
    const second = await driver.next();
    second.fail(new Error('no more\nmemory'));
    await driver.next();
    expect(driver.begun).toEqual([a.id, b.id, c.id]);
    expect(await runs.get(b.id)).toMatchObject({ state: 'failed', detail: 'no more; memory' });
    expect(reported).toEqual([new Error('no more\nmemory')]);
  });

  it('stores nothing when what the settings name is not there', async () => {
    driver.objection = new AzrError('invalid', 'no such folder');
    await expect(create()).rejects.toThrow('no such folder');
    expect(await runs.latest()).toBeUndefined();
  });

  it('gives a repeated request the first run, and executes it once', async () => {
    const [a, again] = [await create({ requestId: 'r' }), await create({ requestId: 'r' })];
    expect(again.id).toBe(a.id);
    (await driver.next()).end();
    await rest(a.id);
    expect(driver.begun).toEqual([a.id]);
  });

  it('stops a run that is executed after its step, one that waits at once, and none that rests', async () => {
    const [a, b] = [await create(), await create()];
    const { hooks, end } = await driver.next();
    expect(hooks.stopRequested()).toBe(false);
    expect((await runs.stop(a.id)).state).toBe('pending');
    expect(hooks.stopRequested()).toBe(true);
    expect((await runs.stop(b.id)).state).toBe('stopped');
    end();
    await rest(a.id);
    const stopped = await runs.get(a.id);
    expect(stopped.state).toBe('stopped');
    expect(await runs.stop(a.id)).toEqual(stopped);
    expect(driver.begun).toEqual([a.id]);
    await expect(runs.stop('nobody')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('resumes a run with what is left of its budget, or with a new one; not a finished one without', async () => {
    const { id } = await create({ budget: { steps: 5, seconds: 100 } });
    const first = await driver.next();
    expect(first.budget).toEqual({ steps: 5, seconds: 100 });
    expect(await runs.resume(id, { steps: 9 })).toMatchObject({ budget: { steps: 5 } });
    await database.db.updateTable('runs').set({ step: 2, spent_seconds: 30 }).execute();
    first.fail(new Error('once'));
    await rest(id);

    expect((await runs.resume(id)).state).toBe('pending');
    const second = await driver.next();
    expect([second.budget, second.run.spentSeconds]).toEqual([{ steps: 3, seconds: 100 }, 30]);
    await catalog.setState(id, 'finished');
    second.end();
    await rest(id);

    await expect(runs.resume(id)).rejects.toMatchObject({ kind: 'conflict' });
    await runs.resume(id, { steps: 1 });
    const third = await driver.next();
    expect([third.budget, third.run.spentSeconds, third.run.step]).toEqual([{ steps: 1 }, 0, 2]);
  });

  it('does not resume a run that is just stopping, nor one that has made all of its steps', async () => {
    const { id } = await create({ spec: specWith('steps=2') });
    const { end } = await driver.next();
    await runs.stop(id);
    await expect(runs.resume(id, { steps: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/is stopping/),
    });
    await database.db.updateTable('runs').set({ step: 2 }).execute();
    end();
    await rest(id);
    await expect(runs.resume(id, { steps: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/has made all of its steps \(steps: 2\)/),
    });
  });

  it('resumes, and stops again, a run that rests while its parts are still being stopped', async () => {
    const [a, b] = [await create({ budget: { steps: 1 } }), await create({ budget: { steps: 1 } })];
    const first = await driver.next();
    await catalog.setState(a.id, 'finished');
    expect((await runs.resume(a.id, { steps: 1 })).state).toBe('pending');
    first.end();
    const second = await driver.next();
    await catalog.setState(b.id, 'finished');
    await runs.resume(b.id, { steps: 1 });
    expect((await runs.stop(b.id)).state).toBe('stopped');
    second.end();
    const third = await driver.next();
    expect(await stateOf(b.id)).toBe('stopped');
    third.end();
    await rest(a.id);
    expect(driver.begun).toEqual([a.id, b.id, a.id]);
  });

  it('executes a run once, though it is resumed twice at once', async () => {
    const { id } = await create();
    (await driver.next()).end();
    await rest(id);
    await Promise.all([runs.resume(id), runs.resume(id)]);
    (await driver.next()).end();
    await rest(id);
    await runs.drain();
    expect(driver.begun).toEqual([id, id]);
  });

  it('does not resume a run of an earlier version', async () => {
    const { id } = await create();
    (await driver.next()).end();
    await rest(id);
    await database.db.updateTable('runs').set({ spec: '{}' }).execute();
    await expect(runs.resume(id)).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining(id) });
  });

  it('shows a watcher the run as it stands, then every event once and in order, until the run rests', async () => {
    const { id } = await create();
    const { hooks, end } = await driver.next();
    await note(id, ...Array.from({ length: 150 }, (_, i) => `early ${i}`));
    const seen: string[] = [];
    for await (const item of runs.watch(id, 0)) {
      seen.push(words(item));
      if (seen.length === 20) await note(id, 'while watching');
      if (seen.length === 153) {
        // It has seen all there is: what comes now comes while it waits.
        void note(id, 'late', 'later').then(async () => {
          hooks.changed();
          await catalog.setState(id, 'finished', 'done');
          end();
        });
      }
    }
    expect(seen.slice(0, 3)).toEqual(['snapshot pending', '1 pending', '2 early 0']);
    expect(seen.slice(-4)).toEqual(['152 while watching', '153 late', '154 later', '155 finished']);
    const sequences = seen.slice(1).map((text) => Number(text.split(' ')[0]));
    expect(sequences).toEqual(Array.from({ length: 155 }, (_, i) => i + 1));
  });

  it('lets a watcher go on after what it has seen, and not before the run has come there', async () => {
    const { id } = await create();
    const { end } = await driver.next();
    await note(id, 'two', 'three');
    end();
    await rest(id);
    expect((await rest(id, 2)).map(words)).toEqual(['snapshot stopped', '3 three', '4 stopped']);
    expect((await rest(id, 4)).map(words)).toEqual(['snapshot stopped']);
    await expect(rest(id, 5)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(rest('nobody')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('sees what another process stores, and ends when it is told to', async () => {
    const { id } = await create();
    const stop = new AbortController();
    const watch = runs.watch(id, 1, stop.signal);
    await watch.next();
    const next = watch.next();
    await note(id, 'from elsewhere');
    expect(words((await next).value!)).toBe('2 from elsewhere');
    const waiting = watch.next();
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('drains: ends what is executed, begins nothing, and leaves both to the next process', async () => {
    const [a, b] = [await create(), await create()];
    const { hooks, end } = await driver.next();
    const drained = runs.drain();
    expect(hooks.stopRequested()).toBe(true);
    await catalog.setState(a.id, 'stopped');
    end();
    await drained;
    expect(await runs.get(a.id)).toMatchObject({ state: 'pending', detail: expect.stringContaining('starts again') });
    expect(driver.begun).toEqual([a.id]);

    begin();
    await runs.takeUp();
    expect((await driver.next()).run.id).toBe(a.id);
    expect(await stateOf(b.id)).toBe('pending');
  });

  it('takes up what a process that died left, the run in the middle of something first', async () => {
    const [a, b, c] = [await create(), await create(), await create()];
    await catalog.setState(a.id, 'finished');
    await catalog.setState(c.id, 'running');
    runs.close();
    begin();
    await runs.takeUp();
    const { end } = await driver.next();
    expect((await runs.resume(c.id, { steps: 1 })).state).toBe('running');
    await catalog.setState(c.id, 'finished');
    end();
    await driver.next();
    expect(driver.begun).toEqual([c.id, b.id]);
  });

  it('stores nothing more once it is closed', async () => {
    const { id } = await create();
    const { fail } = await driver.next();
    const before = await runs.get(id);
    runs.close();
    fail(new Error('its parts are gone'));
    await runs.drain();
    expect(await runs.get(id)).toEqual(before);
  });
});
