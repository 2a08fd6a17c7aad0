import { TaskBuffer } from '../../domain/curriculum/task-buffer';
import type { RunStore } from '../ports';
import type { Run } from '../run';
import type { RunSummary } from '../run-summary';
import type { RolloutLedger } from '../sampler';
import { storedLedger } from '../stored-ledger';
import { HeardObserver } from './heard-observer';
import type { SeedingEnd } from './policy-seeding';
import { seedBuffer, type SeedingParts } from './seeding';

/** The seeding of a stored run: what has landed is kept as step 0, and what it tells becomes the run's events. */
export class RunSeeding {
  /** Why it ended before there were enough tasks. */
  end: SeedingEnd | undefined;
  /** Sequences that this call generated. */
  generated = 0;
  private readonly heard: HeardObserver;

  constructor(
    private readonly run: Run,
    private readonly parts: SeedingParts & { store: RunStore },
  ) {
    this.heard = new HeardObserver(parts.observer);
  }

  /** What was told of rows and proposals that were left out. */
  get told(): string[] {
    return this.heard.events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
  }

  get alarms(): RunSummary['alarms'] {
    return this.heard.events.flatMap((event) =>
      event.kind === 'alarm' ? [{ name: event.alarm, message: event.message, step: event.step }] : [],
    );
  }

  /**
   * The buffer as the last step left it; of a run that has none yet, its seeds. Empty where seeding ended early.
   * @param goesOn asked from time to time
   */
  async buffer(goesOn: () => boolean): Promise<TaskBuffer> {
    const { store } = this.parts;
    const { id, step, spentSeconds } = this.run;
    const stored = await store.loadBuffer(id);
    const isNew = step === 0 && stored.tasks.length === 0;
    await store.setState(id, isNew ? 'seeding' : 'running', spentSeconds);
    return isNew ? this.seed(stored, goesOn) : stored;
  }

  private async seed(empty: TaskBuffer, goesOn: () => boolean): Promise<TaskBuffer> {
    const { store } = this.parts;
    const { id, spec } = this.run;
    this.heard.busy('seeding');
    const ledger = this.counting(await storedLedger(id, 0, store, this.heard));
    const seeding = seedBuffer(spec, { ...this.parts, observer: this.heard }, ledger, goesOn);
    // What was told is stored whatever came of it, and does not hide a failure by one of its own.
    const seeds = await seeding.catch(async (error: unknown) => {
      await store.tell(id, this.heard.events).catch(() => undefined);
      throw error;
    });
    await store.tell(id, this.heard.events);
    if (!(seeds instanceof TaskBuffer)) {
      this.end = seeds;
      return empty;
    }
    await store.saveSeeds(id, seeds);
    return seeds;
  }

  private counting(ledger: RolloutLedger): RolloutLedger {
    return {
      get: (key) => ledger.get(key),
      put: (rollout) => {
        this.generated += rollout.completions.length;
        return ledger.put(rollout);
      },
    };
  }
}
