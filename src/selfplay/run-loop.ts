import { join } from 'node:path';
import { planStep } from '../domain/curriculum/step-plan';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Alarm } from '../domain/health/collapse';
import type { ProposalValidator } from '../verifier/proposal-validator';
import type { Budget } from './budget';
import type { EvaluationResult } from './evaluation-result';
import { HealthMonitor } from './health-monitor';
import { planSettings } from './plan-settings';
import type { Evaluator } from './ports';
import { restorePolicy } from './restore-policy';
import type { Run, RunState } from './run';
import { RunCheckpoints } from './run-checkpoints';
import { summarise, type MadeStep, type RunSummary } from './run-summary';
import type { SeedFiles } from './seeding/seed-file';
import { usedTypes } from './seeding/seed-settings';
import { RunSeeding } from './seeding/run-seeding';
import { StepRunner, type CommittedStep, type StepParts } from './step-runner';
import type { StepRecord } from './step-record';
import { Stopwatch } from './stopwatch';

export interface RunLoopParts extends StepParts {
  validator: ProposalValidator;
  evaluator?: Evaluator;
  /** Where a new run's first tasks come from; absent where the policy makes them itself. */
  seedFiles?: SeedFiles;
  /** Removes a folder with all that is in it. */
  removeDir(dir: string): Promise<void>;
}

/** What the last checkpoint and the export take, generously. */
const ENDING_SECONDS = 5;

/**
 * A run from where it stands: its first tasks, then steps, one after another, until its end or its budget is reached or
 * someone asks to stop (AZR Algorithm 1; the step is in `step-runner.ts`).
 */
export class RunLoop {
  private readonly watch: Stopwatch;
  private readonly steps: MadeStep[] = [];
  /** Those of the last step. */
  private alarms: readonly Alarm[] = [];
  private readonly seeding: RunSeeding;
  private readonly checkpoints: RunCheckpoints;
  private readonly between: EvaluationResult[] = [];
  private evaluated = 0;

  /**
   * @param initialPolicy Hugging Face folder of version 0
   * @param runDir folder that holds the run's checkpoints and its export
   */
  constructor(
    private readonly run: Run,
    private readonly initialPolicy: string,
    private readonly runDir: string,
    private readonly parts: RunLoopParts,
  ) {
    this.watch = new Stopwatch(parts.clock);
    this.seeding = new RunSeeding(run, parts);
    this.checkpoints = new RunCheckpoints(run, runDir, parts);
  }

  /** Committed steps stay, whatever happens, and so does a checkpoint that is being written. */
  async go(budget: Budget, stopRequested: () => boolean): Promise<RunSummary> {
    try {
      return await this.make(budget, stopRequested);
    } finally {
      await this.checkpoints.settle();
    }
  }

  private async make(budget: Budget, stopRequested: () => boolean): Promise<RunSummary> {
    const { store, observer } = this.parts;
    const { id, spec } = this.run;
    observer.busy('restoring the policy');
    await this.watch.time('restore', () => restorePolicy(this.run, this.initialPolicy, this.parts));
    const mayGoOn = (): boolean => budget.allowsMore(stopRequested(), ENDING_SECONDS);
    let buffer = await this.watch.time('seeding', () => this.seeding.buffer(mayGoOn));
    if (this.seeding.end) return this.finish(buffer, undefined, budget, stopRequested());
    let open = await store.openStep(id);
    const before = await this.evaluateBefore(open);
    const monitor = await HealthMonitor.of(store, id, spec.health, spec.proposer.proposals);
    // A process that ended between an alarm and its pause left the run as running.
    this.alarms = this.run.state === 'running' ? monitor.newest() : [];
    const runner = new StepRunner(id, spec, monitor, this.parts);
    const reserve = (before?.seconds ?? 0) + ENDING_SECONDS;
    // Servers that answer from what the open step made are not left there.
    while (isPublishedAhead(open) || this.goesOn(budget, stopRequested(), reserve)) {
      const record = open ?? (await this.plan(buffer));
      open = undefined;
      const step = await runner.run(record, buffer, () => budget.spentSeconds());
      buffer = step.buffer;
      await this.stepMade(step);
    }
    return this.finish(buffer, before, budget, stopRequested());
  }

  private goesOn(budget: Budget, stopRequested: boolean, reserve: number): boolean {
    return !this.isComplete() && !this.isPaused() && budget.allowsAnotherStep(this.steps, stopRequested, reserve);
  }

  private isComplete(): boolean {
    return this.run.spec.steps > 0 && this.run.step >= this.run.spec.steps;
  }

  /** Whether the last step raised an alarm that the run is to pause at: going on learns nothing without updates. */
  private isPaused(): boolean {
    return this.alarms.some(({ name }) => name === 'skipped' || this.run.spec.health.onAlarm === 'pause');
  }

  private async plan(buffer: TaskBuffer): Promise<StepRecord> {
    const { id, step, spec } = this.run;
    const record: StepRecord = { plan: planStep(step + 1, step, buffer, planSettings(spec)), state: 'planned' };
    await this.watch.time('store', () => this.parts.store.savePlanned(id, record));
    return record;
  }

  /** What follows a step: the checkpoint and the evaluation that are due. */
  private async stepMade({ record, alarms }: CommittedStep): Promise<void> {
    const { checkpoint, evaluation } = this.run.spec;
    this.steps.push({ step: record.plan.step, outcome: record.outcome!, update: record.update!, alarms });
    this.alarms = alarms;
    for (const [part, seconds] of Object.entries(record.outcome!.seconds)) this.watch.add(part, seconds);
    this.run.step = record.plan.step;
    this.checkpoints.check();
    if (this.run.step % checkpoint.every === 0) await this.watch.time('checkpoint', () => this.checkpoints.begin());
    if (evaluation.every === 0 || this.run.step % evaluation.every > 0) return;
    const result = await this.evaluate(this.run.step);
    if (result) this.between.push(result);
  }

  private async finish(
    buffer: TaskBuffer,
    before: EvaluationResult | undefined,
    budget: Budget,
    wasStopped: boolean,
  ): Promise<RunSummary> {
    const { store, trainer, evaluator } = this.parts;
    this.parts.observer.busy('saving the policy');
    const checkpoint = await this.watch.time('checkpoint', () => this.checkpoints.save());
    const exported = join(this.runDir, 'policy');
    await this.watch.time('checkpoint', () => trainer.exportPolicy(this.run.step, exported));
    const after = evaluator && !this.seeding.end ? await this.evaluate(this.run.step) : undefined;
    const state = this.endState(wasStopped);
    const counted = summarise(this.steps, buffer);
    await store.setState(this.run.id, state, budget.spentSeconds());
    return {
      runId: this.run.id,
      types: usedTypes(this.run.spec),
      state,
      steps: this.steps.length,
      policyVersion: this.run.step,
      ...counted,
      alarms: [...this.seeding.alarms, ...counted.alarms],
      beside: { seed: this.seeding.generated, evaluate: this.evaluated },
      seeding: this.seeding.told,
      heldOut: {
        temperature: this.run.spec.evaluation.temperature,
        ...{ before, after },
        between: this.between.filter(({ policyVersion }) => policyVersion !== after?.policyVersion),
      },
      seconds: this.watch.seconds,
      checkpoint: checkpoint.dir,
      exported,
      samples: await store.sampleTasks(this.run.id),
    };
  }

  private endState(wasStopped: boolean): RunState {
    if (this.isComplete()) return 'finished';
    if (this.isPaused() || this.seeding.end === 'paused') return 'paused';
    return wasStopped ? 'stopped' : 'finished';
  }

  /** Where the servers are ahead of the run, only what was measured before can say. */
  private evaluateBefore(open: StepRecord | undefined): Promise<EvaluationResult | undefined> {
    const { store, evaluator } = this.parts;
    if (isPublishedAhead(open)) return store.loadEvaluation(this.run.id, this.run.step);
    return evaluator ? this.evaluate(this.run.step) : Promise.resolve(undefined);
  }

  /** The stored result of this version, or a new one. */
  private async evaluate(policyVersion: number): Promise<EvaluationResult | undefined> {
    const { store, evaluator } = this.parts;
    const known = await store.loadEvaluation(this.run.id, policyVersion);
    if (known || !evaluator) return known;
    this.parts.observer.busy('evaluating on held-out tasks');
    const result = await this.watch.time('evaluate', () => evaluator.evaluate(policyVersion));
    this.evaluated += result.sequencesGenerated;
    await store.saveEvaluation(this.run.id, result);
    return result;
  }
}

/** Whether the servers already answer from the version that the open step makes. */
const isPublishedAhead = (open: StepRecord | undefined): boolean =>
  open !== undefined && open.state !== 'planned' && open.state !== 'rolled_out';
