import { rm } from 'node:fs/promises';
import { PROMPT_FORMATS } from '../domain/prompt';
import type { Parts } from '../embedded/parts';
import { HeldOutEvaluator } from '../evaluation/held-out-evaluator';
import { ExecutorAdapter } from '../executor/executor-adapter';
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

/** Name under which the servers that we start serve the policy. */
const MODEL = 'policy';

interface Surroundings {
  store: RunStore;
  executor: RunningExecutor;
  parts: Parts;
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
  const { store, parts, observer, clock, runDir } = around;
  const { spec } = run;
  const { policyDir, benchmarks, seedFiles } = inputs;
  const executor = new ExecutorAdapter(around.executor.address, around.executor.tls);
  const trainer = new TrainerClient(parts.trainerAddress);
  const servers = [{ name: 'policy-server', url: parts.policyServerUrl }];
  const pool = new ServerPool(servers, { model: MODEL, ...spec.rollout });
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
