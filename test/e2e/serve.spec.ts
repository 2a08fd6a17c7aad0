import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunState } from '../../src/generated/azr/v1/run';
import { Azr } from '../support/azr';
import { descendantsOf, eventually, pidsOf, survivors } from '../support/processes';
import { RunClient } from '../support/run-client';

const MINUTE = 60_000;
const settings = {
  'proposer.proposals': '{deduction: 2, abduction: 2, induction: 2, error: 0}',
  'solver.estimation.samples': '2',
  'evaluation.perType': '2',
};

describe('azr serve', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'azr-e2e-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A server on a port of its own, and a client of it. */
  const serve = async () => {
    const server = new Azr('serve', '--home', join(folder, 'home'), '--port', '0', '--json');
    const [line] = (await once(server.process.stdout!, 'data')) as [Buffer];
    return { server, client: new RunClient((JSON.parse(line.toString()) as { address: string }).address) };
  };
  /** Watches until it has seen so many steps more. */
  const stepsOf = async (client: RunClient, runId: string, count: number) => {
    const { lastSequence } = await client.get(runId);
    const watch = client.watch(runId, lastSequence);
    watch.on('error', () => undefined);
    let seen = 0;
    for await (const { item } of watch) {
      if (item.$case === 'event' && item.value.event?.$case === 'step' && ++seen === count) break;
    }
    expect(seen).toBe(count);
  };

  it(
    'executes a run that is asked for over gRPC, shows it to its end, and leaves nothing behind on Ctrl-C',
    async () => {
      const { server, client } = await serve();
      const { runId } = await client.create({ requestId: 'e2e', settings, budget: { steps: 1 } });
      const items = await client.watched(runId);

      const events = items.flatMap((item) => (item.$case === 'event' ? [item.value] : []));
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
      const states = events.flatMap(({ event }) => (event?.$case === 'state' ? [event.value.state] : []));
      expect([states[0], states.at(-1)]).toEqual([RunState.RUN_STATE_PENDING, RunState.RUN_STATE_FINISHED]);
      expect(states).toEqual(expect.arrayContaining([RunState.RUN_STATE_SEEDING, RunState.RUN_STATE_RUNNING]));
      const steps = events.flatMap(({ event }) => (event?.$case === 'step' ? [event.value] : []));
      expect(steps).toHaveLength(1);
      expect(steps[0]).toMatchObject({ step: 1, update: { optimizerSteps: expect.any(Number) } });
      expect(await client.get(runId)).toMatchObject({ step: 1, lastSequence: events.length });

      const family = descendantsOf(server.process.pid!);
      expect(family.length).toBeGreaterThan(0);
      server.process.kill('SIGINT');
      expect(await server.ended).toMatchObject({ code: 0 });
      client.close();
      await eventually(() => survivors(family).length === 0, 20_000);
      expect(survivors(family)).toEqual([]);
    },
    3 * MINUTE,
  );

  it(
    'goes on with what a server left, fails a run whose part dies, and resumes it',
    async () => {
      const first = await serve();
      const { runId } = await first.client.create({ settings });
      await stepsOf(first.client, runId, 1);
      first.server.process.kill('SIGINT');
      expect(await first.server.ended).toMatchObject({ code: 0 });
      first.client.close();

      const { server, client } = await serve();
      await stepsOf(client, runId, 1);
      const { step } = await client.get(runId);
      expect(step).toBeGreaterThanOrEqual(2);
      const family = descendantsOf(server.process.pid!);
      process.kill(pidsOf(family, 'azr_policy_server')[0]!, 'SIGKILL');
      await client.watched(runId);
      const failed = await client.get(runId);
      expect(failed.state).toBe(RunState.RUN_STATE_FAILED);
      expect(failed.detail).toMatch(/^the policy server was ended by SIGKILL/);

      await client.resume(runId, { steps: 1 });
      const queued = await client.create({ settings });
      expect((await client.stop(queued.runId)).state).toBe(RunState.RUN_STATE_STOPPED);
      await client.watched(runId);
      const resumed = await client.get(runId);
      expect(resumed.state).toBe(RunState.RUN_STATE_FINISHED);
      expect(resumed.step).toBeGreaterThan(step);
      server.process.kill('SIGINT');
      expect(await server.ended).toMatchObject({ code: 0 });
      client.close();
    },
    4 * MINUTE,
  );
});
