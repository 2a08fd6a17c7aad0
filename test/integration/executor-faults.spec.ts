import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { credentials, status, type ClientReadableStream } from '@grpc/grpc-js';
import { Executor } from '../../src/executor/executor';
import { probeJail } from '../../src/executor/prove-jail';
import { ExecutorServiceClient, RunMode, RunStatus, type ExecuteResponse } from '../../src/generated/azr/v1/executor';
import { descendants, PYTHON, TestExecutor } from '../support/executor/executor';
import { eventually, killIfThere } from '../support/processes';

const HANGS = 'def f():\n    while True: pass';
const PATIENT = { limits: { timeoutMs: 60_000 } };
const BOUND_MS = 10_000;

describe('an executor in trouble', () => {
  let executor: TestExecutor;
  let idle: number;
  const isRunning = (programs: number) => () => descendants().length === idle + programs;

  beforeAll(async () => {
    executor = await TestExecutor.start({ mostRequests: 2 });
    idle = descendants().length;
  }, 60_000);
  afterAll(() => executor.stop());

  it('loses no answer with a fork server', async () => {
    const slow = 'def f(x):\n    return sum(range(10**7)) + x';
    const answers = executor.respond(slow, ['1', '2', '3'], { runMode: RunMode.RUN_MODE_ACROSS, ...PATIENT });
    expect(await eventually(isRunning(1), BOUND_MS)).toBe(true);
    for (const pid of descendants()) killIfThere(pid);
    const statuses = (await answers).map(({ runs }) => runs.map(({ status }) => status));
    expect(statuses).toEqual(Array(3).fill(Array(3).fill(RunStatus.RUN_STATUS_OK)));
    expect(await eventually(isRunning(0), BOUND_MS)).toBe(true);
  }, 30_000);

  it('kills the program of a call that was cancelled', async () => {
    const controller = new AbortController();
    const answer = executor.run(HANGS, '', { signal: controller.signal, ...PATIENT });
    expect(await eventually(isRunning(1), BOUND_MS)).toBe(true);
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(await eventually(isRunning(0), BOUND_MS)).toBe(true);
    expect((await executor.run('def f():\n    return 1')).output).toBe('1');
  });

  it('refuses a call over its bound, and takes it once there is room', async () => {
    const controller = new AbortController();
    const hanging = [1, 2].map(() => executor.run(HANGS, '', { signal: controller.signal, ...PATIENT }));
    expect(await eventually(isRunning(2), BOUND_MS)).toBe(true);
    const raw = new ExecutorServiceClient(executor.executor.address, credentials.createInsecure());
    const request = {
      program: HANGS,
      inputs: [''],
      limits: undefined,
      runMode: RunMode.RUN_MODE_ONCE,
      stopAtLimit: false,
    };
    expect(await failure(raw.execute({ executions: [request] }))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      message: 'the executor has 2 requests to answer already; try again later',
    });
    raw.close();
    const patient = executor.run('def f():\n    return 1');
    controller.abort();
    await Promise.allSettled(hanging);
    expect((await patient).output).toBe('1');
  });
});

describe('the tiers of the jail', () => {
  it('are proved before anything runs', async () => {
    const { tier, checks, pythonVersion } = await probeJail(PYTHON);
    expect(pythonVersion).toMatch(/^3\.1[123]\./);
    expect(checks.length).toBeGreaterThan(20);
    expect(checks.filter(({ held, layer }) => !held && layer !== 'namespaces')).toEqual([]);
    expect([1, 2]).toContain(tier);
  });

  it('name what is missing: an interpreter', async () => {
    expect(await probeJail('/nowhere/python3')).toMatchObject({
      tier: undefined,
      checks: [{ name: 'start', held: false, detail: expect.stringContaining('/nowhere/python3') as string }],
    });
  });

  it('without Landlock are refused, unless asked for', async () => {
    const address = '127.0.0.1:0';
    const start = Executor.start({ address, python: PYTHON, strongestTier: 3 });
    await expect(start).rejects.toThrow(/^the jail reaches only tier 3 .*; what failed: list-root .*minimumTier=3$/);
    const executor = await TestExecutor.start({ strongestTier: 3, minimumTier: 3 });
    expect((await executor.client.capabilities()).tier).toBe(3);
    await executor.stop();
  });

  it.each([2, 3] as const)('hold programs at tier %i too', async (strongestTier) => {
    const executor = await TestExecutor.start({ strongestTier, minimumTier: 3 });
    const attacks = ['open("/etc/passwd")', 'os.fork()', 'os.kill(os.getppid(), 9)', 'os.listdir("/proc")'];
    for (const attack of attacks) {
      const run = await executor.run(`import os\ndef f():\n    ${attack}`);
      expect(run).toMatchObject({ status: RunStatus.RUN_STATUS_EXCEPTION, exceptionType: 'PermissionError' });
    }
    await executor.stop();
    expect(descendants()).toEqual([]);
  });
});

describe('the executor as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azr-executor-'));
  const support = join(__dirname, '../support/executor');
  const children: ChildProcess[] = [];
  afterAll(() => {
    children.forEach((child) => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true });
  });

  const launch = (socket: string, minimumTier = 2): ChildProcess => {
    const script = ['-r', join(support, 'swc-hook.cjs'), join(support, 'executor-main.ts')];
    const child = spawn(process.execPath, [...script, socket, PYTHON, String(minimumTier)], { stdio: 'pipe' });
    children.push(child);
    return child;
  };
  const firstWords = async (stream: NodeJS.ReadableStream): Promise<string> => String((await once(stream, 'data'))[0]);

  it.each([
    ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM'), 0],
    ['the end of its input', (child: ChildProcess) => child.stdin!.end(), 0],
    ['SIGKILL', (child: ChildProcess) => child.kill('SIGKILL'), null],
  ])(
    'leaves nothing behind after %s',
    async (_, end, exitCode) => {
      const socket = join(folder, 's');
      rmSync(socket, { force: true });
      const child = launch(socket);
      expect(JSON.parse(await firstWords(child.stdout!))).toEqual({ ready: true, address: `unix:${socket}` });
      const client = new ExecutorServiceClient(`unix:${socket}`, credentials.createInsecure());
      const idle = descendants(child.pid).length;
      const limits = { timeoutMs: 60_000, memoryMib: 0, outputBytes: 0 };
      const hanging = { program: HANGS, inputs: [''], limits, runMode: RunMode.RUN_MODE_ONCE, stopAtLimit: false };
      const answer = failure(client.execute({ executions: [hanging] }));
      expect(await eventually(() => descendants(child.pid).length === idle + 1, BOUND_MS)).toBe(true);
      const all = descendants(child.pid);
      end(child);
      const [code] = (await once(child, 'exit')) as [number | null];
      expect(code).toBe(exitCode);
      expect(await eventually(() => !all.some(isAlive), BOUND_MS)).toBe(true);
      expect(await answer).toMatchObject({ code: status.UNAVAILABLE });
      client.close();
    },
    30_000,
  );

  it('says on one line why it does not start', async () => {
    const busy = createServer().listen(join(folder, 'busy'));
    await once(busy, 'listening');
    const long = join(folder, 'x'.repeat(100));
    const refused = [launch(join(folder, 'busy')), launch(long), launch(join(folder, 's2'), 4)];
    const exitCode = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0];
    const ends = await Promise.all(refused.map((child) => Promise.all([firstWords(child.stderr!), exitCode(child)])));
    busy.close();
    expect(ends).toEqual([
      [expect.stringMatching(/^cannot listen on unix:.*busy.*\n$/), 1],
      [expect.stringMatching(/is too long; a Unix socket's path has 107 bytes at most\n$/), 1],
      ['executor.minimumTier: 4 is not legal; 0, 1, 2 or 3 is\n', 1],
    ]);
  }, 30_000);
});

/** The error that a stream ends with. */
/** Of a call's only execution, or of the call. */
const failure = (call: ClientReadableStream<ExecuteResponse>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    call.on('data', ({ error }: ExecuteResponse) => error && resolve(error)).once('error', resolve);
    call.once('end', () => reject(new Error('it ended well')));
  });

/** A zombie, which nobody has waited for yet, has no command line. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
