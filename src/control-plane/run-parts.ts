import { rm } from 'node:fs/promises';
import { PROMPT_FORMATS } from '../domain/prompt';
import { HeldOutEvaluator } from '../evaluation/held-out-evaluator';
import { ExecutorAdapter } from '../executor/executor-adapter';
import type { ReachedServers } from '../rollout/reach-servers';
import { ServerPool } from '../rollout/server-pool';
import type { RunObserver, RunStore } from '../selfplay/ports';
import { StepPlayer } from '../selfplay/step-player';
import type { Run } from '../selfplay/run';
import { RunLoop } from '../selfplay/run-loop';
import type { Clock } from '../selfplay/stopwatch';
import { TrainerClient } from '../trainer/trainer-client';
import { ProposalValidator } from '../verifier/proposal-validator';
import { AnswerScorer } from '../verifier/score-answer';
import type { RunInputs } from './run-inputs';
import type { RunningExecutor } from './shared-executor';

interface Surroundings {
  store: RunStore;
  executor: RunningExecutor;
  rollout: ReachedServers;
  trainerAddress: string;
  observer: RunObserver;
  clock: Clock;
  /** Folder for the run's checkpoints and its export. */
  runDir: string;
}

export interface ConnectedRun {
  loop: RunLoop;
  close(): void;
}

/** Puts a run's adapters together. */
export function connectRun(run: Run, inputs: RunInputs, around: Surroundings): ConnectedRun {
  const { store, observer, clock, runDir } = around;
  const { spec } = run;
  const { policyDir, benchmarks, seedFiles } = inputs;
  const executor = new ExecutorAdapter(around.executor.address, around.executor.tls);
  const trainer = new TrainerClient(around.trainerAddress);
  const { servers, model } = around.rollout;
  const pool = new ServerPool(servers, { ...spec.rollout, model, cache: run.id });
  const format = PROMPT_FORMATS[spec.prompt.format];
  const validator = new ProposalValidator(executor, format, spec);
  const scorer = new AnswerScorer(executor, format, spec);
  const note = (message: string): void => observer.note(message);
  const evaluator = new HeldOutEvaluator(spec, benchmarks, { pool, scorer, clock, note });
  const player = new StepPlayer(spec, pool, { validator, scorer });
  const loop = new RunLoop(run, policyDir, runDir, {
    ...{ store, pool, trainer, player, validator, observer, clock },
    ...(benchmarks.length > 0 && { evaluator }),
    ...(seedFiles && { seedFiles }),
    removeDir: (dir) => rm(dir, { recursive: true, force: true }),
  });
  return {
    loop,
    close: () => {
      executor.close();
      trainer.close();
    },
  };
}
