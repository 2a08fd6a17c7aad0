import { ScriptedPool } from '../../test/support/scripted-pool';
import { specWith } from '../../test/support/specs';
import type { TrainBatch } from '../domain/batch/train-batch';
import { AzrError } from '../domain/errors';
import type { PolicyTrainer, RunObserver, RunStore } from './ports';
import { restorePolicy } from './restore-policy';
import type { Run } from './run';

const run: Run = { id: 'r', spec: specWith(), state: 'running', step: 5, spentSeconds: 0 };
const BATCHES = [2, 3, 4].map((policyVersion) => ({ id: `r/${policyVersion + 1}`, policyVersion }) as TrainBatch);

/** Everything that the trainer is told, in order; checkpoints in `broken` do not load. */
const restoring = async (checkpoints: number[], broken: number[] = [], of = run) => {
  const told: string[] = [];
  const notes: string[] = [];
  let epoch = 0;
  const store = {
    checkpoints: () =>
      Promise.resolve(checkpoints.map((policyVersion) => ({ policyVersion, dir: `v${policyVersion}` }))),
    acquireLease: () => Promise.resolve(++epoch),
    async *batchesFrom(_: string, from: number) {
      await Promise.resolve();
      yield* BATCHES.filter(({ policyVersion }) => policyVersion >= from);
    },
  } as unknown as RunStore;
  const trainer = {
    load: (_: string, lease: number, source: object, version: number, _seed: number, reference?: string) => {
      const beside = reference ? ` beside ${reference}` : '';
      told.push(`load ${Object.values(source).join()}${beside} under ${lease}`);
      const message = `v${version}/weights.safetensors is truncated`;
      return broken.includes(version) ? Promise.reject(new AzrError('invalid', message)) : Promise.resolve();
    },
    train: ({ id }: TrainBatch) => Promise.resolve(void told.push(`train ${id}`)),
    publish: (version: number) => Promise.resolve(void told.push(`publish ${version}`)),
  } as unknown as PolicyTrainer;
  const observer = { note: (message: string) => notes.push(message) } as unknown as RunObserver;
  const pool = new ScriptedPool(() => ({ text: '' }));
  const restored = restorePolicy(of, '/initial', { store, trainer, pool, observer });
  return { version: await restored, told, notes, pool };
};

describe('restoring the policy', () => {
  it('takes the newest checkpoint, replays the batches since, and publishes', async () => {
    const { version, told, pool } = await restoring([3, 2]);
    expect(told).toEqual(['load v3 under 1', 'train r/4', 'train r/5', 'publish 5']);
    expect([version, pool.policyVersion]).toEqual([5, 5]);
  });

  it('starts from the initial policy where there is no checkpoint', async () => {
    expect((await restoring([])).told[0]).toBe('load /initial under 1');
  });

  it('passes over a checkpoint that does not load, under a new lease, and says so', async () => {
    const { told, notes } = await restoring([4, 2], [4]);
    expect(told).toEqual(['load v4 under 1', 'load v2 under 2', 'train r/3', 'train r/4', 'train r/5', 'publish 5']);
    expect(notes[0]).toBe('checkpoint v4 does not load: v4/weights.safetensors is truncated');
  });

  it('falls back on the initial policy while there are fewer checkpoints than are kept', async () => {
    const { told } = await restoring([4], [4]);
    expect(told.slice(0, 2)).toEqual(['load v4 under 1', 'load /initial under 2']);
  });

  it('has the policy that the run started from beside it where the loss refers to that', async () => {
    const spec = specWith('update.klCoefficient=0.01', 'update.klTarget=reference');
    const { told } = await restoring([4, 2], [4], { ...run, spec });
    expect(told.slice(0, 2)).toEqual(['load v4 beside /initial under 1', 'load v2 beside /initial under 2']);
  });

  it('fails with what the newest said when none loads', async () => {
    await expect(restoring([4, 2], [4, 2])).rejects.toThrow('v4/weights.safetensors is truncated');
  });
});
