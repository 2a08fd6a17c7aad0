import { once } from 'node:events';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, status, type Client } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as HEALTH_PROTO } from 'grpc-health-check';
import { GrpcServer } from '../../src/api/grpc/grpc-server';
import { RunService } from '../../src/api/grpc/run-service';
import { RunState } from '../../src/generated/azr/v1/run';
import { Runs } from '../../src/runs/runs';
import type { StoredEvent } from '../../src/selfplay/run-event';
import { PostgresRunCatalog } from '../../src/store/postgres-run-catalog';
import { appendEvents } from '../../src/store/tables/events';
import { answer, RunClient } from '../support/run-client';
import { ScriptedDriver } from '../support/scripted-driver';
import { failureOf, statusDetails } from '../support/status-details';
import { stepEvent } from '../support/step-event';
import { startTestDatabase, type TestDatabase } from '../support/test-database';

/** Counts what is read for watchers. */
class CountingCatalog extends PostgresRunCatalog {
  read = 0;

  override async eventsAfter(...query: Parameters<PostgresRunCatalog['eventsAfter']>): Promise<StoredEvent[]> {
    const events = await super.eventsAfter(...query);
    this.read += events.length;
    return events;
  }
}

describe('RunService', () => {
  let database: TestDatabase;
  let catalog: CountingCatalog;
  let driver: ScriptedDriver;
  let server: GrpcServer;
  let client: RunClient;
  let reported: unknown[];
  let made = 0;

  beforeAll(async () => {
    database = await startTestDatabase();
  }, 60_000);
  afterAll(() => database?.stop(), 30_000);

  beforeEach(async () => {
    await database.db.deleteFrom('runs').execute();
    catalog = new CountingCatalog(database.db);
    driver = new ScriptedDriver();
    reported = [];
    const report = (error: unknown) => void reported.push(error);
    const runs = new Runs({ catalog, driver, newId: () => `run-${++made}`, report });
    server = new GrpcServer(0, [new RunService(runs, report)]);
    await server.onApplicationBootstrap();
    client = new RunClient(server.address);
  });
  afterEach(async () => {
    client.close();
    await server.beforeApplicationShutdown();
  });

  const note = (runId: string, messages: string[]) =>
    database.db.transaction().execute((db) =>
      appendEvents(
        db,
        runId,
        messages.map((message) => ({ kind: 'note', message })),
      ),
    );

  it('makes one run of a request that is sent twice, with the settings that were asked for', async () => {
    const settings = { 'solver.estimation.samples': '4', proposer: '{references: 1}', 'proposer.references': '3' };
    const run = await client.create({ requestId: 'r', settings, budget: { steps: 2 } });
    expect(run).toMatchObject({ state: RunState.RUN_STATE_PENDING, step: 0, lastSequence: 1, budget: { steps: 2 } });
    expect(run.settings).toMatchObject({
      'solver.estimation.samples': '4',
      'proposer.references': '3',
      'prompt.format': '"compact"',
    });
    expect(run.createdAt).toBeInstanceOf(Date);
    expect((await client.create({ requestId: 'r', settings, budget: { steps: 2 } })).runId).toBe(run.runId);
    expect(await client.get(run.runId)).toEqual(run);
    expect((await client.list(0)).runs).toEqual([run]);
  });

  it('lists pages', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await client.create()).runId);
    const pages = [await client.list(2)];
    while (pages.at(-1)!.nextPageToken !== '') pages.push(await client.list(2, pages.at(-1)!.nextPageToken));
    expect(pages.map(({ runs }) => runs.map(({ runId }) => runId))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ]);
    expect(await failureOf(client.list(-1))).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await failureOf(client.list(2, 'nonsense'))).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('watches a run to its end: the snapshot, then every kind of event, typed', async () => {
    const { runId } = await client.create();
    const { end } = await driver.next();
    const rate = { solved: 3, samples: 4, rate: 0.75 };
    const solveRate = { deduction: rate, abduction: rate, induction: rate, error: { solved: 0, samples: 0, rate: 0 } };
    const result = { ...{ policyVersion: 1, seconds: 2, sequencesGenerated: 12, tokensGenerated: 99 }, solveRate };
    await database.db
      .transaction()
      .execute((db) =>
        appendEvents(db, runId, [
          stepEvent,
          { kind: 'evaluation', step: 1, result: { ...result, benchmarks: { 'cruxeval-output': rate } } },
          { kind: 'checkpoint', step: 1, dir: '/c' },
          { kind: 'alarm', step: 1, alarm: 'validity', message: 'low' },
          { kind: 'note', message: 'n' },
        ]),
      );
    const watched = client.watched(runId);
    await client.stop(runId);
    end();
    const items = await watched;
    expect(items[0]).toMatchObject({ $case: 'snapshot', value: { runId } });
    const events = items.slice(1).map((item) => (item.$case === 'event' ? item.value : undefined)!);
    expect(events.map(({ sequence, event }) => [sequence, event!.$case])).toEqual([
      ...[
        [1, 'state'],
        [2, 'step'],
        [3, 'evaluation'],
        [4, 'checkpoint'],
        [5, 'alarm'],
        [6, 'note'],
        [7, 'state'],
      ],
    ]);
    expect(events[1]!.event!.value).toMatchObject({
      ...{ step: 1, bufferSize: 12, rejections: { timeout: 2 }, seconds: { rollout: 0.5 }, update: { loss: 0.25 } },
      types: expect.arrayContaining([
        {
          ...{ type: 'TASK_TYPE_ABDUCTION', proposed: 4, valid: 3, admitted: 2, solveRate: { solved: 1, samples: 8 } },
          proposer: { meanReward: 0.5, sequencesGenerated: 4, sequencesTrained: 4 },
          solver: { meanReward: undefined, sequencesGenerated: 8, sequencesTrained: 6 },
        },
      ]),
      health: { newPrograms: 3, outputTypes: { int: 3 }, solverResponses: { mean: 5, max: 9, cutShare: 0.5 } },
    });
    expect(events[2]!.event!.value).toMatchObject({ benchmarks: { 'cruxeval-output': { solved: 3, samples: 4 } } });
    expect(events[6]!.event!.value).toEqual({ state: RunState.RUN_STATE_STOPPED, detail: '' });
    expect((await client.watched(runId, 6)).map(({ $case }) => $case)).toEqual(['snapshot', 'event']);
  });

  it('reads no more events than a slow watcher takes', async () => {
    const { runId } = await client.create();
    const { end } = await driver.next();
    const count = 1_000;
    await note(
      runId,
      Array.from({ length: count }, () => 'x'.repeat(20_000)),
    );
    end();
    const watch = client.watch(runId);
    watch.once('data', () => watch.pause());
    await once(watch, 'data');
    // Round trips, until a good many of them have passed without anything being read.
    for (let read = -1, unchanged = 0; unchanged < 30; unchanged = read === catalog.read ? unchanged + 1 : 0) {
      read = catalog.read;
      await client.get(runId);
    }
    expect(catalog.read).toBeGreaterThan(0);
    expect(catalog.read).toBeLessThan(count / 4);
    let received = 0;
    for await (const _ of watch) received++;
    expect(received).toBe(count + 2);
  });

  it('goes on with others when a watcher goes away', async () => {
    const { runId } = await client.create();
    const { end } = await driver.next();
    const watch = client.watch(runId);
    await once(watch, 'data');
    watch.on('error', () => undefined);
    watch.cancel();
    await client.stop(runId);
    end();
    expect((await client.watched(runId)).at(-1)).toMatchObject({ $case: 'event' });
    expect(reported).toEqual([]);
  });

  it.each([
    ['a run that nobody made', () => client.get('nobody'), status.NOT_FOUND, 'NOT_FOUND'],
    ['what cannot be an id', () => client.get('a/b'), status.INVALID_ARGUMENT, 'INVALID'],
    ['a watch of nobody’s run', () => client.watched('nobody'), status.NOT_FOUND, 'NOT_FOUND'],
    ['a request id with blanks', () => client.create({ requestId: 'a b' }), status.INVALID_ARGUMENT, 'INVALID'],
  ])('answers %s with the right status and reason', async (_, call, code, reason) => {
    const failure = await failureOf(call());
    expect(failure.code).toBe(code);
    expect(statusDetails(failure)['ErrorInfo']).toEqual({ reason, domain: 'azr' });
  });

  it('names the paths of settings that are not legal', async () => {
    const failure = await failureOf(
      client.create({ settings: { 'update.learningRate': '-1', 'proposer.colour': 'red' } }),
    );
    expect(failure.code).toBe(status.INVALID_ARGUMENT);
    const { fieldViolations } = statusDetails(failure)['BadRequest'] as { fieldViolations: { field: string }[] };
    expect(fieldViolations.map(({ field }) => field).sort()).toEqual(['proposer.colour', 'update.learningRate']);
    const wrong: Record<string, string>[] = [{ '--set x': '1' }, { seed: '[' }];
    for (const settings of wrong) {
      expect(await failureOf(client.create({ settings }))).toMatchObject({ code: status.INVALID_ARGUMENT });
    }
    expect((await client.list(0)).runs).toEqual([]);
  });

  it('refuses a request id of other settings, and to resume what is finished without a budget', async () => {
    const { runId } = await client.create({ requestId: 'r' });
    const other = await failureOf(client.create({ requestId: 'r', settings: { seed: '9' } }));
    expect(other).toMatchObject({ code: status.FAILED_PRECONDITION, details: expect.stringContaining(runId) });
    await catalog.setState(runId, 'finished');
    expect(await failureOf(client.resume(runId))).toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  it('is listed by reflection, and says that it serves', async () => {
    const unit = { longs: Number, defaults: true, enums: String, oneofs: true };
    const reflection = join(require.resolve('@grpc/reflection'), '../../proto/grpc/reflection/v1/reflection.proto');
    const { grpc } = loadPackageDefinition(loadSync([reflection, HEALTH_PROTO], unit)) as never as {
      grpc: Record<string, Record<string, Record<string, new (address: string, channel: unknown) => Client>>>;
    };
    const [Reflection, Health] = [grpc['reflection']!['v1']!['ServerReflection']!, grpc['health']!['v1']!['Health']!];
    const reflected = new Reflection(server.address, credentials.createInsecure());
    const call = (
      reflected as never as { serverReflectionInfo(): ReturnType<Client['makeBidiStreamRequest']> }
    ).serverReflectionInfo();
    call.write({ listServices: '' });
    const [{ listServicesResponse }] = await once(call, 'data');
    call.write({ fileContainingSymbol: 'azr.v1.RunService.WatchRun' });
    const [{ fileDescriptorResponse }] = await once(call, 'data');
    call.end();
    reflected.close();
    const names = listServicesResponse.service.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['azr.v1.RunService', 'grpc.health.v1.Health']));
    expect(fileDescriptorResponse.fileDescriptorProto.length).toBeGreaterThan(0);

    const health = new Health(server.address, credentials.createInsecure()) as never as Client & {
      check(request: object, done: (error: null, response: { status: string }) => void): void;
    };
    for (const service of ['', 'azr.v1.RunService']) {
      expect((await answer<{ status: string }>((done) => health.check({ service }, done as never))).status).toBe(
        'SERVING',
      );
    }
    health.close();
  });

  it('does not let an open watch keep it from ending, and tells the watcher to come again', async () => {
    const { runId } = await client.create();
    await driver.next();
    const watch = client.watch(runId);
    await once(watch, 'data');
    watch.resume();
    const failed = once(watch, 'error');
    await server.beforeApplicationShutdown();
    expect((await failed)[0]).toMatchObject({ code: status.UNAVAILABLE });
  });
});
