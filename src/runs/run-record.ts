import { validateStoredSpec } from '../config/validate-spec';
import type { Run, RunBudget, RunState } from '../selfplay/run';
import type { RunRecord } from './ports';

const RESTING: readonly RunState[] = ['paused', 'stopped', 'failed', 'finished'];

/** Whether nothing happens to a run until someone resumes it. One that waits for its turn does not rest. */
export const isResting = (state: RunState): boolean => RESTING.includes(state);

/** @throws AzrError `conflict` when an earlier version of the program stored it */
export const runOf = ({ id, settings, state, step, spentSeconds }: RunRecord): Run => ({
  ...{ id, state, step, spentSeconds },
  spec: validateStoredSpec(id, settings),
});

/** What a run may still spend: the steps that are left, and the seconds, of which `spentSeconds` are spent. */
export function leftOf({ budget: { steps, seconds, sinceStep }, step }: RunRecord): RunBudget {
  return {
    ...(steps !== undefined && { steps: Math.max(0, steps - (step - sinceStep)) }),
    ...(seconds !== undefined && { seconds }),
  };
}
