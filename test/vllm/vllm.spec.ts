import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/config/shipped';
import { BRIDGE, PYTHON } from '../../src/embedded/installation';
import { Azr, SMALL } from '../support/azr';
import { rolloutContract } from '../support/rollout-contract';
import { openTemporaryHome } from '../support/temporary-home';
import { READY_MS, startVllm, type RunningVllm } from './vllm-server';

const MINUTE = 60_000;
const TINY = join(PROJECT_ROOT, 'policies', 'tiny');
/** Nats; both sides compute in float32. */
const CLOSE = 1e-4;

interface Agreement {
  tokens: number;
  maximum: number;
}

interface Rates {
  greedy: { solved: number };
  sampled: { answers: number };
}

describe('a real vLLM', () => {
  let elsewhere: Awaited<ReturnType<typeof openTemporaryHome>>;
  let vllm: RunningVllm;
  let folder: string;
  /** Hugging Face folder of the policy as it was trained last. */
  let trained = TINY;

  beforeAll(async () => {
    elsewhere = await openTemporaryHome();
    folder = elsewhere.home.path;
    vllm = await startVllm(elsewhere.home);
  }, READY_MS + MINUTE);
  afterAll(() => elsewhere?.close(), MINUTE);

  const call = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(MINUTE);
    const answer = await fetch(vllm.url + path, {
      ...(body && { method: 'POST', headers, body: JSON.stringify(body) }),
      signal,
    });
    return { status: answer.status, text: await answer.text() };
  };
  const versionServed = async () =>
    (JSON.parse((await call('/weight_info')).text) as { weight_version: string }).weight_version;

  /** How far vLLM's log-probabilities are from the trainer's, with the weights of a folder. */
  const agreement = async (policy: string): Promise<Agreement> => {
    const script = [join(__dirname, 'agreement.py'), vllm.url, 'tiny', policy];
    const { stdout } = await promisify(execFile)(PYTHON, script, { cwd: BRIDGE, timeout: 4 * MINUTE });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Agreement;
  };
  const expectAgreement = async (what: string): Promise<void> => {
    const { tokens, maximum } = await agreement(trained);
    process.stdout.write(`${what}: max |Δ log p| ${maximum.toExponential(1)} over ${tokens} response tokens\n`);
    expect(maximum).toBeLessThanOrEqual(CLOSE);
  };
  const trainStep = async (): Promise<void> => {
    const set = `rollout.servers=["${vllm.url}"]`;
    const home = join(folder, 'trained');
    const train = new Azr('train', '--home', home, ...SMALL, '--set', set, '--steps', '1', '--json');
    const { code, stdout, stderr } = await train.ended;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    trained = (JSON.parse(stdout) as { policy: string }).policy;
  };

  it('agrees with the trainer on the weights that it was started with', () => expectAgreement('version 0'), 5 * MINUTE);

  it(
    'takes the weights of a training step, and agrees on them',
    async () => {
      await trainStep();
      expect(await versionServed()).toBe('1');
      await expectAgreement('version 1');
    },
    8 * MINUTE,
  );

  it(
    'keeps its weights when an update fails before it is finished',
    async () => {
      await call('/init_weight_transfer_engine', { init_info: { root: folder } });
      await call('/start_weight_update', {});
      const failed = await call('/update_weights', { update_info: { path: 'nowhere.safetensors' } });
      expect(failed).toMatchObject({ status: 500, text: expect.stringContaining('No such file') });
      await expectAgreement('version 1, after an update that failed');
    },
    5 * MINUTE,
  );

  it(
    'refuses a set that lacks a parameter, and takes the weights of the next step in the session left open',
    async () => {
      const one = readFileSync(join(TINY, 'model.safetensors'));
      writeFileSync(join(folder, 'partial.safetensors'), partOf(one, 'model.norm.weight'));
      await call('/start_weight_update', {});
      await call('/update_weights', { update_info: { path: 'partial.safetensors' } });
      const refused = await call('/finish_weight_update', { weight_version: '7' });
      expect(refused).toMatchObject({ status: 500, text: expect.stringContaining('were not among the tensors') });
      expect(await versionServed()).toBe('1');

      await trainStep();
      expect(await versionServed()).toBe('2');
      await expectAgreement('version 2');
      expect((await agreement(TINY)).maximum).toBeGreaterThan(10 * CLOSE);
    },
    10 * MINUTE,
  );

  it(
    'is evaluated like the policy server: greedy answers solve the same tasks',
    async () => {
      const tasks = join(folder, 'tasks.jsonl');
      writeFileSync(tasks, fewOfEach(join(TINY, 'tasks', 'heldout.jsonl'), 10));
      const evaluate = async (...policy: string[]) => {
        const evaluation = new Azr('eval', ...policy, '--tasks', tasks, '--samples', '4', '--json');
        const { code, stdout, stderr } = await evaluation.ended;
        expect([code, stderr]).toEqual([0, expect.any(String)]);
        return JSON.parse(stdout) as { model: string; format: string; benchmarks: Record<string, Rates> };
      };
      const served = await evaluate('--server', vllm.url);
      expect(served).toMatchObject({ model: 'tiny', format: 'compact' });
      const { benchmarks } = await evaluate('--policy', trained);
      const solved = (of: Record<string, Rates>) =>
        Object.entries(of).map(([name, { greedy }]) => [name, greedy.solved]);
      expect(solved(served.benchmarks)).toEqual(solved(benchmarks));
      for (const { sampled } of Object.values(served.benchmarks)) expect(sampled.answers).toBe(40);
    },
    8 * MINUTE,
  );

  describe('and the rollout client agree', () => {
    rolloutContract(async () => ({ url: vllm.url, model: 'tiny', stop: () => vllm.stop() }), MINUTE);
  });
});

/** A safetensors file with one tensor of another. */
function partOf(file: Buffer, name: string): Buffer {
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [from, to] = header[name]!.data_offsets;
  const own = Buffer.from(JSON.stringify({ [name]: { ...header[name], data_offsets: [0, to - from] } }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(own.length));
  return Buffer.concat([size, own, file.subarray(8 + length + from, 8 + length + to)]);
}

/** The first lines of each type of a task file. */
function fewOfEach(file: string, count: number): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const types = ['deduction', 'abduction', 'induction'];
  return types
    .flatMap((type) => lines.filter((line) => (JSON.parse(line) as { type: string }).type === type).slice(0, count))
    .join('\n');
}
