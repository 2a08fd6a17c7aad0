import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  credentials,
  makeGenericClientConstructor,
  type Client,
  type ClientUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { service as health } from 'grpc-health-check';
import { RunState } from '../../src/generated/azr/v1/run';
import { Azr } from '../support/azr';
import { descendantsOf, eventually, pidsOf, survivors } from '../support/processes';
import { answer, RunClient } from '../support/run-client';
import { bareAnswer, shortly, triplet, VerifierClient } from '../support/verifier-client';

const MINUTE = 60_000;
const settings = {
  'proposer.proposals': '{deduction: 2, abduction: 2, induction: 2, error: 0}',
  'solver.estimation.samples': '2',
  'evaluation.perType': '2',
};
const HealthClient = makeGenericClientConstructor(health as unknown as ServiceDefinition, 'Health');

describe('azr serve, for others', () => {
  let folder: string;
  let server: Azr;
  let address: string;
  let verifier: VerifierClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azr-e2e-'));
    server = new Azr('serve', '--home', join(folder, 'home'), '--port', '0', '--json');
    const ended = server.ended.then<never>(({ stderr }) => Promise.reject(new Error(stderr)));
    const [line] = (await Promise.race([once(server.process.stdout!, 'data'), ended])) as [Buffer];
    ended.catch(() => undefined);
    ({ address } = JSON.parse(line.toString()) as { address: string });
    verifier = new VerifierClient(address);
  }, 2 * MINUTE);
  afterAll(() => {
    verifier?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const executors = (): number[] => pidsOf(descendantsOf(server.process.pid!), 'main.js executor');
  /** Answers of which every third is wrong, each to a program of its own that takes its time. */
  const slowly = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      bareAnswer(
        triplet('abduction', { program: `def f(x):\n    return sum(range(10**6)) * 0 + x # ${i}`, output: '7' }),
        i % 3 ? '7' : '8',
      ),
    );
  const expected = (count: number) => Array.from({ length: count }, (_, i) => (i % 3 ? 'correct' : 'wrong_value'));

  it('says that it serves, and judges without an executor what needs none', async () => {
    const client = new HealthClient(address, credentials.createInsecure()) as unknown as Client & {
      check(request: object, done: (error: null, response: { status: string }) => void): ClientUnaryCall;
    };
    const { status } = await answer<{ status: string }>((done) =>
      client.check({ service: 'azr.v1.VerifierService' }, done as never),
    );
    client.close();
    expect(status).toBe('SERVING');
    const results = await verifier.scored([bareAnswer(triplet('deduction', { output: '1' }), '1')]);
    expect(results.map(shortly)).toEqual(['correct']);
    expect(executors()).toEqual([]);
  });

  it(
    'loses no answer when its executor is killed during a batch',
    async () => {
      expect((await verifier.capabilities()).tier).toBeLessThanOrEqual(2);
      expect(executors()).toHaveLength(1);
      const call = verifier.score(slowly(60));
      const results = new Map<number, string>();
      for await (const { index, result } of call) {
        if (results.size === 0) process.kill(executors()[0]!, 'SIGKILL');
        results.set(index, shortly(result));
      }
      expect(Array.from({ length: 60 }, (_, i) => results.get(i))).toEqual(expected(60));
    },
    2 * MINUTE,
  );

  it(
    'has one executor for verdicts and runs, and leaves nothing behind on Ctrl-C',
    async () => {
      const runs = new RunClient(address);
      const { runId } = await runs.create({ settings, budget: { steps: 1 } });
      const [results] = await Promise.all([verifier.scored(slowly(60)), runs.watched(runId)]);
      expect(results.map(shortly)).toEqual(expected(60));
      const { state, step } = await runs.get(runId);
      expect([state, step]).toEqual([RunState.RUN_STATE_FINISHED, 1]);
      expect(executors()).toHaveLength(1);
      runs.close();

      const family = descendantsOf(server.process.pid!);
      server.process.kill('SIGINT');
      expect(await server.ended).toMatchObject({ code: 0 });
      expect(await eventually(() => survivors(family).length === 0, 20_000)).toBe(true);
    },
    3 * MINUTE,
  );
});
