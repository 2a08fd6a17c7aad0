import { specWith } from '../../test/support/specs';
import type { Grant, RunRecord } from '../runs/ports';
import type { RunRequest, Runs } from '../runs/runs';
import { grantOf, openRun } from './run-opening';

const spec = specWith();
const record = (rest: Partial<RunRecord>): RunRecord => ({
  ...{ id: 'r', settings: JSON.parse(JSON.stringify(spec)), state: 'stopped', step: 3, spentSeconds: 0, detail: '' },
  ...{ budget: { seconds: 600, sinceStep: 0 }, createdAt: new Date(0), lastSequence: 1 },
  ...rest,
});

describe('what a call is granted', () => {
  it('is ten minutes, or what an interrupted call has left of them', () => {
    expect(grantOf({})).toEqual({ seconds: 600 });
    expect(grantOf({}, record({ spentSeconds: 200 }))).toEqual({ seconds: 400 });
    expect(grantOf({}, record({ spentSeconds: 200, state: 'running' }))).toEqual({ seconds: 400 });
    expect(grantOf({}, record({ spentSeconds: 540 }))).toEqual({ seconds: 600 });
    expect(grantOf({}, record({ spentSeconds: 200, state: 'finished' }))).toEqual({ seconds: 600 });
  });

  it('is what the call says, and what was left of the ten minutes is kept for a later one', () => {
    const own = grantOf({ steps: 2 }, record({ spentSeconds: 200 }));
    expect(own).toEqual({ steps: 2, setAside: 400 });
    const interrupted = record({ budget: { ...own, sinceStep: 3 }, spentSeconds: 90 });
    expect(grantOf({ minutes: 2 }, interrupted)).toEqual({ seconds: 120, setAside: 400 });
    expect(grantOf({}, interrupted)).toEqual({ seconds: 400 });
  });

  it('is ten minutes after an interrupted call that had a time of its own', () => {
    const own = grantOf({ minutes: 30 });
    expect(grantOf({}, record({ budget: { ...own, sinceStep: 0 }, spentSeconds: 90 }))).toEqual({ seconds: 600 });
  });
});

describe('opening a run', () => {
  const wanted = { spec, named: new Map(), beginNew: false };
  /** What was asked for, and of which run. */
  const asked: unknown[] = [];
  const runsWith = (latest?: RunRecord) =>
    ({
      latest: () => Promise.resolve(latest),
      stop: (id: string) => Promise.resolve(asked.push(['stop', id])),
      create: ({ budget }: RunRequest) => Promise.resolve(asked.push(['create', budget])),
      resume: (id: string, grant: Grant, servers?: string[]) =>
        Promise.resolve(asked.push(['resume', id, grant, ...(servers ?? [])])),
    }) as unknown as Runs;
  beforeEach(() => asked.splice(0));

  it('goes on with the newest, unless there is none or a new one is asked for', async () => {
    await openRun(runsWith(), wanted);
    await openRun(runsWith(record({})), wanted);
    await openRun(runsWith(record({})), { ...wanted, beginNew: true, steps: 1 });
    expect(asked).toEqual([
      ['create', { seconds: 600 }],
      ['resume', 'r', { seconds: 600 }],
      ['create', { steps: 1, setAside: 0 }],
      ['stop', 'r'],
    ]);
  });

  it('begins anew where the newest never began: its settings may be why', async () => {
    for (const state of ['pending', 'failed', 'seeding', 'running', 'stopped'] as const) {
      await openRun(runsWith(record({ state, step: 0 })), wanted);
    }
    const anew = ['create', 'stop'];
    expect(asked.map((it) => (it as string[])[0])).toEqual([...anew, ...anew, 'resume', 'resume', 'resume']);
  });

  it('goes on with other rollout servers where they are named', async () => {
    const moved = ['http://127.0.0.1:8001'];
    const named = new Map<string, unknown>([['rollout.servers', moved]]);
    await openRun(runsWith(record({})), { ...wanted, spec: specWith(`rollout.servers=["${moved[0]}"]`), named });
    expect(asked).toEqual([['resume', 'r', { seconds: 600 }, ...moved]]);
  });

  it('refuses settings that are others, and a run of an earlier version', async () => {
    const changed = { ...wanted, named: new Map([['seed', 7]]) };
    await expect(openRun(runsWith(record({})), changed)).rejects.toThrow(/seed: 7 is not legal.*--new/);
    await expect(openRun(runsWith(record({ settings: { seed: 0 } })), wanted)).rejects.toThrow(/--new/);
    expect(asked).toEqual([]);
  });
});
