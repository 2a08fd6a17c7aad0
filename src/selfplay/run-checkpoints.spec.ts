import { specWith } from '../../test/support/specs';
import type { Checkpoint } from './ports';
import { RunCheckpoints } from './run-checkpoints';
import type { Run } from './run';

/** A run whose trainer writes when it is told to, and all that happens, in order. */
const saving = (recorded: Checkpoint[] = []) => {
  const told: string[] = [];
  const writes: { done(): void; fail(error: Error): void }[] = [];
  const run: Run = { id: 'r', spec: specWith('checkpoint.keep=1'), state: 'running', step: 2, spentSeconds: 0 };
  const trainer = {
    saveCheckpoint: (version: number) => {
      told.push(`begin ${version}`);
      const written = new Promise<void>((done, fail) => writes.push({ done, fail }));
      return Promise.resolve({ written });
    },
  };
  const store = {
    checkpoints: () => Promise.resolve([...recorded]),
    saveCheckpoint: (_: string, checkpoint: Checkpoint) => {
      told.push(`record ${checkpoint.policyVersion}`);
      return Promise.resolve({ dropped: recorded.splice(0, 1, checkpoint) });
    },
  };
  const removeDir = (dir: string) => Promise.resolve(void told.push(`remove ${dir}`));
  return { told, writes, run, checkpoints: new RunCheckpoints(run, '/run', { store, trainer, removeDir }) };
};

describe('checkpoints of a run', () => {
  it('go on while the run does, and are recorded once they are written', async () => {
    const { told, writes, checkpoints } = saving();
    await checkpoints.begin();
    expect(told).toEqual(['begin 2']);
    writes[0]!.done();
    await checkpoints.settle();
    expect(told).toEqual(['begin 2', 'record 2']);
  });

  it('are under way one at a time', async () => {
    const { told, writes, run, checkpoints } = saving();
    await checkpoints.begin();
    run.step = 4;
    const next = checkpoints.save();
    writes[0]!.done();
    await checkpoints.settle();
    while (writes.length < 2) await new Promise(setImmediate);
    writes[1]!.done();
    expect(await next).toEqual({ policyVersion: 4, dir: '/run/checkpoints/v000004' });
    expect(told).toEqual(['begin 2', 'record 2', 'begin 4', 'record 4', 'remove /run/checkpoints/v000002']);
  });

  it('are not made twice', async () => {
    const { told, checkpoints } = saving([{ policyVersion: 2, dir: '/v2' }]);
    expect(await checkpoints.save()).toEqual({ policyVersion: 2, dir: '/v2' });
    expect(told).toEqual([]);
  });

  it('are not recorded when they fail, and the run is told', async () => {
    const { told, writes, run, checkpoints } = saving();
    await checkpoints.begin();
    expect(() => checkpoints.check()).not.toThrow();
    writes[0]!.fail(new Error('disk full'));
    await checkpoints.settle();
    expect(() => checkpoints.check()).toThrow('disk full');
    run.step = 4;
    await expect(checkpoints.begin()).rejects.toThrow('disk full');
    expect(told).toEqual(['begin 2']);
  });
});
