import { join } from 'node:path';
import { planStep } from '../domain/curriculum/step-plan';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { AzrError } from '../domain/errors';
import type { Budget } from './budget';
import type { EvaluationResult } from './evaluation-result';
import type { Checkpoint, Evaluator, Run } from './ports';
import { restorePolicy } from './restore-policy';
import { summarise, type RunSummary } from './run-summary';
import { StepRunner, type StepParts } from './step-runner';
import type { StepRecord } from './step-record';
import { Stopwatch } from './stopwatch';

export interface RunLoopParts extends StepParts {
  evaluator?: Evaluator;
  /** Removes a folder with all that is in it. */
  removeDir(dir: string): Promise<void>;
}

/** What the last checkpoint and the export take, generously. */
const ENDING_SECONDS = 5;

/** Steps of one run, one after another, until the budget is spent or someone asks to stop. */
export class RunLoop {
  private readonly watch: Stopwatch;

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
  }

  /** Goes on from where the run stands. Committed steps stay, whatever happens. */
  async go(budget: Budget, stopRequested: () => boolean): Promise<RunSummary> {
    const { store, observer } = this.parts;
    observer.busy('restoring the policy');
    await this.watch.time('restore', () => restorePolicy(this.run, this.initialPolicy, this.parts));
    let buffer = await store.loadBuffer(this.run.id);
    let open = await store.openStep(this.run.id);
    const before = await this.evaluateBefore(open);
    const records: StepRecord[] = [];
    const runner = new StepRunner(this.run.id, this.run.spec, this.parts);
    const reserve = (before?.seconds ?? 0) + ENDING_SECONDS;
    // Servers that answer from what the open step made are not left there.
    while (isPublishedAhead(open) || budget.allowsAnotherStep(records, stopRequested(), reserve)) {
      const record = open ?? (await this.plan(buffer));
      open = undefined;
      const [committed, next] = await runner.run(record, buffer, () => budget.rememberedSeconds());
      records.push(committed);
      buffer = next;
      for (const [part, seconds] of Object.entries(committed.outcome!.seconds)) this.watch.add(part, seconds);
      this.run.step = committed.plan.step;
      if (this.run.step % this.run.spec.checkpoint.every === 0) await this.checkpoint();
    }
    return this.finish(records, buffer, before, budget);
  }

  private async plan(buffer: TaskBuffer): Promise<StepRecord> {
    const { seed, tasks, proposer } = this.run.spec;
    if (buffer.tasks.length === 0) throw new AzrError('conflict', 'the buffer is empty: there is nothing to refer to');
    const settings = { seed, types: tasks.types, ...proposer };
    const record: StepRecord = {
      plan: planStep(this.run.step + 1, this.run.step, buffer, settings),
      state: 'planned',
    };
    await this.watch.time('store', () => this.parts.store.savePlanned(this.run.id, record));
    return record;
  }

  private async finish(
    records: StepRecord[],
    buffer: TaskBuffer,
    before: EvaluationResult | undefined,
    budget: Budget,
  ): Promise<RunSummary> {
    const { store, trainer, evaluator } = this.parts;
    this.parts.observer.busy('saving the policy');
    const checkpoint = await this.checkpoint();
    const exported = join(this.runDir, 'policy');
    await this.watch.time('checkpoint', () => trainer.exportPolicy(this.run.step, exported));
    const after = evaluator ? await this.evaluate(this.run.step) : undefined;
    await store.setState(this.run.id, budget.isSpent() ? 'finished' : 'running', budget.rememberedSeconds());
    return {
      runId: this.run.id,
      steps: records.length,
      policyVersion: this.run.step,
      ...summarise(records, buffer),
      heldOut: { before, after },
      seconds: this.watch.seconds,
      checkpoint: checkpoint.dir,
      exported,
      samples: await store.sampleTasks(this.run.id, 3),
    };
  }

  /** Saves the present version unless its checkpoint is there already. */
  private async checkpoint(): Promise<Checkpoint> {
    const { store, trainer } = this.parts;
    const [newest] = await store.checkpoints(this.run.id);
    if (newest?.policyVersion === this.run.step) return newest;
    const policyVersion = this.run.step;
    const dir = join(this.runDir, 'checkpoints', `v${String(policyVersion).padStart(6, '0')}`);
    return this.watch.time('checkpoint', async () => {
      await trainer.saveCheckpoint(policyVersion, dir);
      const { dropped } = await store.saveCheckpoint(
        this.run.id,
        { policyVersion, dir },
        this.run.spec.checkpoint.keep,
      );
      for (const old of dropped) await this.parts.removeDir(old.dir);
      return { policyVersion, dir };
    });
  }

  /** Where the servers are ahead of the run, only what was measured before can say. */
  private evaluateBefore(open: StepRecord | undefined): Promise<EvaluationResult | undefined> {
    const { store, evaluator } = this.parts;
    if (isPublishedAhead(open)) return store.loadEvaluation(this.run.id, this.run.step);
    return evaluator ? this.evaluate(this.run.step) : Promise.resolve(undefined);
  }

  /** The stored result of this version, or a new one. */
  private async evaluate(policyVersion: number): Promise<EvaluationResult> {
    const { store, evaluator } = this.parts;
    const known = await store.loadEvaluation(this.run.id, policyVersion);
    if (known) return known;
    this.parts.observer.busy('evaluating on held-out tasks');
    const result = await this.watch.time('evaluate', () => evaluator!.evaluate(policyVersion));
    await store.saveEvaluation(this.run.id, result);
    return result;
  }
}

/** Whether the servers already answer from the version that the open step makes. */
const isPublishedAhead = (open: StepRecord | undefined): boolean =>
  open !== undefined && open.state !== 'planned' && open.state !== 'rolled_out';
