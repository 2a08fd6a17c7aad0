import { isDeepStrictEqual } from 'node:util';
import { planStep, type StepPlan } from '../domain/curriculum/step-plan';
import { AzrError } from '../domain/errors';
import { planSettings } from './plan-settings';
import type { RunStore } from './ports';
import type { Run } from './run';

/** A committed step's plan, as it was stored and as it is planned now. */
export interface Replay {
  run: string;
  step: number;
  curriculumVersion: number;
  /** Whether the two are the same. */
  same: boolean;
  stored: StepPlan;
  planned: StepPlan;
}

/**
 * Plans a step again from the run's seed and the curriculum version that its plan names.
 * @throws AzrError when the run has not made the step
 */
export async function replayPlan(store: RunStore, run: Run, step: number): Promise<Replay> {
  const record = step <= run.step ? await store.findStep(run.id, step) : undefined;
  if (!record) {
    const made = run.step === 0 ? 'it has made none' : `it has made 1 to ${run.step}`;
    throw new AzrError('not_found', `run ${run.id} has no step ${step}; ${made}`);
  }
  const stored = record.plan;
  const buffer = await store.loadBuffer(run.id, stored.curriculumVersion);
  const planned = planStep(stored.step, stored.policyVersion, buffer, planSettings(run.spec));
  const same = isDeepStrictEqual(planned, stored);
  return { run: run.id, step, curriculumVersion: stored.curriculumVersion, same, stored, planned };
}
