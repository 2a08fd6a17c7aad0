import { newAlarms, type Alarm, type HealthSample, type HealthSettings } from '../domain/health/collapse';
import { totalOf, type ByType } from '../domain/task/task';
import type { RunStore } from './ports';
import { healthSample } from './step-outcome';

/** Watches the health of a run's proposals from step to step. */
export class HealthMonitor {
  constructor(
    private readonly settings: HealthSettings,
    /** Oldest first. */
    private samples: readonly HealthSample[],
  ) {}

  /** Goes on from the steps that are stored. */
  static async of(
    store: RunStore,
    runId: string,
    settings: HealthSettings,
    proposals: ByType<number>,
  ): Promise<HealthMonitor> {
    const perStep = totalOf(proposals);
    const malformed = Math.ceil(settings.malformedStreak / Math.max(1, perStep));
    const needed = Math.max(settings.window, malformed, settings.skippedUpdates) + 1;
    const records = await store.lastSteps(runId, needed);
    return new HealthMonitor(
      settings,
      records.map(({ outcome, update }) => healthSample(outcome!, update!)),
    );
  }

  /** What collapsed with the newest step. */
  newest(): Alarm[] {
    return newAlarms(this.samples, this.settings);
  }

  /** @returns what has collapsed with this step */
  observe(sample: HealthSample): Alarm[] {
    this.samples = [...this.samples, sample];
    return this.newest();
  }
}
