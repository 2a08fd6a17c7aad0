import { credentials } from '@grpc/grpc-js';
import { ExecutorServiceClient, RunMode } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';

describe('an executor', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  it('reads no more programs at once than their analyses may take memory for', async () => {
    const programs = Array<string>(17).fill('#'.repeat(1 << 20));
    await expect(executor.client.analyze(programs)).rejects.toMatchObject({
      kind: 'invalid',
      message: 'programs: 17825792 bytes in all is not legal; at most 16777216 are',
    });
  });

  it('holds large outputs of many calls, also of those that nobody reads', async () => {
    const program = 'def f(n): return "é" * n';
    const inputs = Array<string>(30).fill(String(1 << 18));
    const limits = { timeoutMs: 20_000, memoryMib: 0, outputBytes: 1 << 20 };
    const request = { program, inputs, limits, runMode: RunMode.RUN_MODE_EVERYWHERE, stopAtLimit: false };
    const unread = new ExecutorServiceClient(executor.executor.address, credentials.createInsecure());
    const calls = Array.from({ length: 30 }, () =>
      unread
        .execute({ executions: [request] })
        .on('error', () => undefined)
        .pause(),
    );
    const answers = await Promise.all([1, 2, 3].map(() => executor.client.execute({ ...request, inputs: ['3'] })));
    expect(answers.map(([response]) => response!.runs[0]!.output)).toEqual(Array(3).fill("'ééé'"));
    for (const call of calls) call.cancel();
    unread.close();
  }, 120_000);
});
