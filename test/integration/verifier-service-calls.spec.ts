import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import type { GrpcServer } from '../../src/api/grpc/grpc-server';
import type { ScoreItem, ValidateItem } from '../../src/generated/azr/v1/verifier';
import { descendants } from '../support/executor/executor';
import { eventually } from '../support/processes';
import { ServedVerifier } from '../support/served-verifier';
import { failureOf } from '../support/status-details';
import { bareAnswer, shortly, triplet, type VerifierClient } from '../support/verifier-client';

const HANGS = 'def f(x):\n    while True: pass';
const BOUND_MS = 10_000;
const limits = { timeoutMs: 60_000, memoryMib: 0, outputBytes: 0, inputLength: 0 };

/** Every other one is right. */
const deductions = (count: number): ScoreItem[] =>
  Array.from({ length: count }, (_, i) => bareAnswer(triplet('deduction', { output: `${i}` }), `${i % 2 ? i : -1}`));
const hanging = (count: number): ScoreItem[] =>
  Array.from({ length: count }, (_, i) =>
    bareAnswer(triplet('abduction', { program: `${HANGS} # ${i}`, output: '1' }), '1'),
  );
/** Items whose results are large, so that few of them fill what lies between server and client. */
const bulky = (count: number): ValidateItem[] =>
  Array.from({ length: count }, (_, i) => ({
    proposal: {
      $case: 'deduction',
      value: { program: `def f(x):\n    return str(x) * 60000 # ${i}`, input: '1', response: undefined },
    },
  }));

describe('calls of VerifierService', () => {
  let served: ServedVerifier;
  let server: GrpcServer;
  let client: VerifierClient;

  beforeAll(async () => {
    served = await ServedVerifier.start();
  }, 60_000);
  afterAll(() => served?.stop());

  beforeEach(async () => {
    served.begun = 0;
    ({ server, client } = await served.serve());
  });
  afterEach(async () => {
    await served.close();
    expect(served.reported).toEqual([]);
  });

  const scored = async (...items: ScoreItem[]): Promise<string[]> => (await client.scored(items)).map(shortly);

  it('answers 10,000 items of a call', async () => {
    const results = await client.scored(deductions(10_000));
    expect(results.map(shortly)).toEqual(Array.from({ length: 10_000 }, (_, i) => (i % 2 ? 'correct' : 'wrong_value')));
  }, 60_000);

  it('sends results as they are done', async () => {
    const hanging = bareAnswer(triplet('abduction', { program: HANGS, output: '1' }), '1');
    const call = client.score([hanging, ...deductions(3)]);
    const indices: number[] = [];
    for await (const { index } of call) indices.push(index);
    expect(indices.slice(0, 3).sort()).toEqual([1, 2, 3]);
    expect(indices[3]).toBe(0);
  }, 60_000);

  it('ends the programs of a call that is cancelled, and of one whose deadline passes', async () => {
    const idle = descendants().length;
    const isRunning = () => descendants().length > idle;
    const call = client.score(hanging(40), { limits });
    const failed = once(call, 'error');
    call.resume();
    expect(await eventually(isRunning, BOUND_MS)).toBe(true);
    call.cancel();
    expect((await failed)[0]).toMatchObject({ code: status.CANCELLED });
    expect(await eventually(() => !isRunning(), BOUND_MS)).toBe(true);

    const late = failureOf(client.scored(hanging(40), { limits }, { deadline: Date.now() + 1_500 }));
    expect(await eventually(isRunning, BOUND_MS)).toBe(true);
    expect((await late).code).toBe(status.DEADLINE_EXCEEDED);
    expect(await eventually(() => !isRunning(), BOUND_MS)).toBe(true);
    expect(await scored(...deductions(2))).toEqual(['wrong_value', 'correct']);
  }, 60_000);

  it('refuses a deadline that has passed, and goes on', async () => {
    expect((await failureOf(client.scored(deductions(1), {}, { deadline: 0 }))).code).toBe(status.DEADLINE_EXCEEDED);
    expect(await scored(...deductions(1))).toEqual(['wrong_value']);
  });

  it('begins no further items while results are not taken, and all of them once they are', async () => {
    const count = 200;
    const call = client.validate(bulky(count));
    call.once('data', () => call.pause());
    await once(call, 'data');
    // Round trips, until a good many of them have passed without anything being served.begun.
    for (let before = -1, unchanged = 0; unchanged < 100; unchanged = before === served.begun ? unchanged + 1 : 0) {
      before = served.begun;
      await scored(...deductions(1));
    }
    const whilePaused = served.begun;
    let received = 1;
    for await (const _ of call) received++;
    expect(received).toBe(count);
    expect(whilePaused).toBeLessThan(served.begun / 2);
  }, 120_000);

  it('ends a call whose results are not taken for too long', async () => {
    const slow = await served.serve(100);
    const call = slow.client.validate(bulky(200));
    call.once('data', () => call.pause());
    await once(call, 'data');
    expect(await eventually(() => served.signal!.aborted, BOUND_MS)).toBe(true);
    const failed = once(call, 'error');
    call.resume();
    const details = 'a result was not taken for 0.1 s';
    expect((await failed)[0]).toMatchObject({ code: status.DEADLINE_EXCEEDED, details });
  }, 60_000);

  it('refuses a call too many, and takes it once there is room', async () => {
    const calls = Array.from({ length: 64 }, () => client.score(hanging(1), { limits }));
    for (const call of calls) call.on('error', () => undefined).resume();
    const refusal = failureOf(client.scored(deductions(1)));
    expect(await refusal).toMatchObject({
      code: status.UNAVAILABLE,
      details: '64 calls are being answered; try again later',
    });
    for (const call of calls) call.cancel();
    expect(await eventually(() => served.signal!.aborted, BOUND_MS)).toBe(true);
    expect(await scored(...deductions(1))).toEqual(['wrong_value']);
  }, 60_000);

  it('tells callers to come again when it ends, and leaves none of their programs', async () => {
    const idle = descendants().length;
    const failed = failureOf(client.scored(hanging(1), { limits }));
    expect(await eventually(() => descendants().length > idle, BOUND_MS)).toBe(true);
    await server.beforeApplicationShutdown();
    expect(await failed).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'the control plane ends; send again what has no result',
    });
    expect(await eventually(() => descendants().length === idle, BOUND_MS)).toBe(true);
  }, 60_000);
});
