import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compact } from '../../src/domain/prompt/compact';
import { runOf } from '../../src/runs/run-record';
import { Budget } from '../../src/selfplay/budget';
import type { RunObserver, RunStore } from '../../src/selfplay/ports';
import { replayPlan } from '../../src/selfplay/replay';
import { StepPlayer } from '../../src/selfplay/step-player';
import { RunLoop } from '../../src/selfplay/run-loop';
import type { RunSummary } from '../../src/selfplay/run-summary';
import type { TaskRow } from '../../src/selfplay/task-row';
import { PostgresRunCatalog } from '../../src/store/postgres-run-catalog';
import { PostgresRunStore } from '../../src/store/postgres-run-store';
import { ProposalValidator } from '../../src/verifier/proposal-validator';
import { AnswerScorer } from '../../src/verifier/score-answer';
import { HashingTrainer } from '../support/hashing-trainer';
import { ScriptedExecutor } from '../support/scripted-executor';
import { ScriptedPool } from '../support/scripted-pool';
import { specWith } from '../support/specs';
import { startTestDatabase, type TestDatabase } from '../support/test-database';

const STEPS = 4;
const spec = specWith(
  'proposer.proposals={deduction: 3, abduction: 2, induction: 2, error: 0}',
  'proposer.referenceSampling=least-used',
  'curriculum.capacity=4',
  'solver.estimation={samples: 2, round: 1, settled: 0.2, priorSolved: 1, priorFailed: 1}',
  'solver.batch=step',
  'solver.tasks={deduction: 2, abduction: 2, induction: 1, error: 0}',
  'checkpoint.every=2',
  'checkpoint.keep=1',
);

const row = (type: 'deduction' | 'abduction', n: number): TaskRow => ({
  ...{ type, program: `def f(x): return x+${n}`, input: '1', output: String(n + 1), line: n },
});
const seeds = { name: 'seeds', rows: [row('deduction', 1), row('abduction', 2)], refused: [] };
const seedFiles = { chosen: seeds, shipped: seeds };

/** Depends on prompt, seed and policy version, as a policy does. */
const policy = () =>
  new ScriptedPool(({ prompt, key, seed: drawn }, i) => {
    const number = (drawn + i + prompt.length) % 90;
    if (prompt.startsWith('<gen-ind>'))
      return { text: `</think>${[0, 1, 2, 3, 4, 5].map((n) => n + number).join('<in>')}` };
    return {
      text: key.startsWith('propose/') ? `</think>def f(x): return x+${number}<in>${drawn % 7}` : `</think>${number}`,
    };
  });

const silent: RunObserver = {
  stepStarted: () => undefined,
  responsesLanded: () => undefined,
  stepCommitted: () => undefined,
  alarm: () => undefined,
  busy: () => undefined,
  note: () => undefined,
};

class Crash extends Error {}

/** A store, or a trainer, that dies before or after a call. */
function dying<T extends object>(target: T, method: string, when: 'before' | 'after', call: number): T {
  let calls = 0;
  return new Proxy(target, {
    get(object, property) {
      const value = Reflect.get(object, property) as unknown;
      if (typeof value !== 'function') return value;
      if (property !== method) return value.bind(object) as unknown;
      return async (...args: unknown[]) => {
        const dies = ++calls === call;
        if (dies && when === 'before') throw new Crash(method);
        const result = (await value.apply(object, args)) as unknown;
        if (dies) throw new Crash(method);
        return result;
      };
    },
  });
}

describe('a run that dies', () => {
  let database: TestDatabase;
  let dir: string;

  beforeAll(async () => {
    database = await startTestDatabase();
    dir = mkdtempSync(join(tmpdir(), 'azr-crash-'));
  }, 60_000);

  afterAll(async () => {
    await database?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 30_000);

  /** One process's life: a fresh trainer and fresh servers, the same database. */
  const live = async (runId: string, store: RunStore, trainer: HashingTrainer, target: number): Promise<RunSummary> => {
    const run = runOf(await new PostgresRunCatalog(database.db).get(runId));
    const pool = policy();
    const executor = new ScriptedExecutor();
    const validator = new ProposalValidator(executor, compact, run.spec);
    const player = new StepPlayer(run.spec, pool, { validator, scorer: new AnswerScorer(executor, compact, run.spec) });
    const clock = () => 0;
    const parts = { store, pool, trainer, player, validator, observer: silent, clock, seedFiles };
    const removeDir = (old: string) => rm(old, { recursive: true });
    const loop = new RunLoop(run, '/initial', join(dir, runId), { ...parts, removeDir });
    const steps = Math.max(0, target - run.step);
    return loop.go(new Budget({ steps, spentBefore: 0, start: 0 }, clock), () => false);
  };

  const begin = async (id: string): Promise<PostgresRunStore> => {
    await new PostgresRunCatalog(database.db).create({ id, spec, budget: {} });
    return new PostgresRunStore(database.db);
  };

  /** Everything that must be equal: curriculum, weights, counters. Task ids and seeds do not depend on the run's id. */
  const endState = async (id: string, trainer: HashingTrainer) => {
    const store = new PostgresRunStore(database.db);
    const { tasks, version } = await store.loadBuffer(id);
    return {
      tasks,
      version,
      weights: trainer.weights,
      published: trainer.published,
      step: (await new PostgresRunCatalog(database.db).get(id)).step,
    };
  };

  const uncrashed = async () => {
    const store = await begin('0-uncrashed');
    const trainer = new HashingTrainer();
    await live('0-uncrashed', store, trainer, STEPS);
    return endState('0-uncrashed', trainer);
  };

  const STORE_CALLS = [
    'saveSeeds',
    'savePlanned',
    'saveRollout',
    'saveRolledOut',
    'saveBatch',
    'saveApplied',
    'savePublished',
    'commit',
    'saveCheckpoint',
  ];
  const TRAINER_CALLS = ['train', 'publish', 'saveCheckpoint'];
  const deaths = (['before', 'after'] as const).flatMap((when) => [
    ...STORE_CALLS.map((method) => ['store', method, when] as const),
    ...TRAINER_CALLS.map((method) => ['trainer', method, when] as const),
  ]);

  it('can be planned again, step by step, from what is stored', async () => {
    const trainer = new HashingTrainer();
    const store = await begin('0-replayed');
    await live('0-replayed', store, trainer, STEPS);
    const run = runOf(await new PostgresRunCatalog(database.db).get('0-replayed'));
    for (let step = 1; step <= STEPS; step++) {
      const { same, planned, stored } = await replayPlan(store, run, step);
      expect(planned).toEqual(stored);
      expect(same).toBe(true);
    }
    const other = { ...run, spec: { ...run.spec, seed: 1 } };
    expect((await replayPlan(store, other, 2)).same).toBe(false);
    await expect(replayPlan(store, run, STEPS + 1)).rejects.toThrow('has no step 5; it has made 1 to 4');
  });

  it('knows its tasks under other names as well when it goes on', async () => {
    await live('0-renamed', await begin('0-renamed'), new HashingTrainer(), 1);
    const buffer = await new PostgresRunStore(database.db).loadBuffer('0-renamed');
    const ids = buffer.tasks.map(({ namelessId }) => namelessId);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !/^[0-9a-f]{32}$/.test(id) || !buffer.knows(id))).toEqual([]);
  });

  it('pauses when updates in a row are skipped, and again when it goes on so', async () => {
    const skipping = new HashingTrainer({ optimizerSteps: 0, skippedSteps: 1 });
    const store = await begin('0-skipped');
    for (const paused of [3, 6]) {
      expect(await live('0-skipped', store, skipping, 10)).toMatchObject({ state: 'paused', policyVersion: paused });
    }
    expect(await live('0-skipped', store, new HashingTrainer(), 8)).toMatchObject({ state: 'finished' });
  });

  it('ends as if it had not, wherever it died', async () => {
    const expected = await uncrashed();
    expect(expected).toMatchObject({ version: STEPS, published: STEPS, step: STEPS });
    expect(expected.tasks.length).toBeGreaterThan(STEPS);
    for (const [index, [part, method, when]] of deaths.entries()) {
      const id = `${index + 1}-${when}-${part}-${method}`;
      const store = await begin(id);
      const [firstTrainer, trainer] = [new HashingTrainer(), new HashingTrainer()];
      const call = method === 'saveCheckpoint' || method === 'saveSeeds' ? 1 : 3;
      const dead =
        part === 'store'
          ? live(id, dying(store, method, when, call), firstTrainer, STEPS)
          : live(id, store, dying(firstTrainer, method, when, call), STEPS);
      await expect(dead).rejects.toThrow(Crash);
      await live(id, store, trainer, STEPS);
      expect({ id, ...(await endState(id, trainer)) }).toEqual({ id, ...expected });
    }
  }, 120_000);
});
