import { shippedOr } from '../config/shipped';
import { PROMPT_FORMATS } from '../domain/prompt';
import type { Home } from '../embedded/home';
import type { Parts } from '../embedded/parts';
import { HeldOutEvaluator } from '../evaluation/held-out-evaluator';
import { ExecutorAdapter } from '../executor/executor-adapter';
import { ServerPool } from '../rollout/server-pool';
import type { Run, RunObserver, RunStore } from '../selfplay/ports';
import { RollOut } from '../selfplay/roll-out';
import { RunLoop } from '../selfplay/run-loop';
import { seedBuffer } from '../selfplay/seed-buffer';
import type { Clock } from '../selfplay/stopwatch';
import { readTaskFile } from '../store/task-file';
import { TrainerClient } from '../trainer/trainer-client';
import { ProposalValidator } from '../verifier/proposal-validator';

/** Name under which the servers that we start serve the policy. */
const MODEL = 'policy';

interface Surroundings {
  store: RunStore;
  parts: Parts;
  observer: RunObserver;
  clock: Clock;
  home: Home;
}

export interface ConnectedRun {
  loop(initialPolicy: string, removeDir: (dir: string) => Promise<void>): RunLoop;
  close(): void;
}

/** Puts a run's adapters together. A new run gets its seeds and is stored. */
export async function connectRun(run: Run, isNew: boolean, around: Surroundings): Promise<ConnectedRun> {
  const { store, parts, observer, clock, home } = around;
  const { spec } = run;
  const executor = new ExecutorAdapter(parts.executorAddress);
  const trainer = new TrainerClient(parts.trainerAddress);
  const pool = new ServerPool([{ name: 'policy-server', url: parts.policyServerUrl }], {
    model: MODEL,
    ...spec.rollout,
  });
  const validator = new ProposalValidator(executor, PROMPT_FORMATS[spec.prompt.format], spec.executor);
  const evaluator = spec.evaluation.perType > 0 ? evaluatorOf(run, pool, clock) : undefined;
  if (isNew) {
    const rows = readTaskFile(shippedOr(spec.curriculum.seedTasks, 'seedTasks'), spec.tasks.types);
    const seeds = await seedBuffer(rows, spec.curriculum.capacity, validator, (message) => observer.note(message));
    await store.create(run, seeds);
  }
  const rollOut = new RollOut(spec, pool, validator);
  return {
    loop: (initialPolicy, removeDir) =>
      new RunLoop(run, initialPolicy, home.runDir(run.id), {
        ...{ store, pool, trainer, rollOut, observer, clock, removeDir },
        ...(evaluator && { evaluator }),
      }),
    close: () => {
      executor.close();
      trainer.close();
    },
  };
}

function evaluatorOf({ spec }: Run, pool: ServerPool, clock: Clock): HeldOutEvaluator {
  const rows = readTaskFile(shippedOr(spec.evaluation.tasks, 'heldOutTasks'), spec.tasks.types);
  return new HeldOutEvaluator(spec, rows, pool, clock);
}
