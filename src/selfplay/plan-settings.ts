import type { RunSpec } from '../config/run-spec';
import type { PlanSettings } from '../domain/curriculum/step-plan';

/** What of a run's settings its plans follow from. */
export const planSettings = ({ seed, proposer, solver }: RunSpec): PlanSettings => ({
  seed,
  proposals: proposer.proposals,
  references: proposer.references,
  referenceSampling: proposer.referenceSampling,
  solverBatch: solver.batch,
  solverTasks: solver.tasks,
});
