import type { TasksSpec } from '../config/run-spec';
import type { ProposalLimits } from './ports';

/** The settings of a run that say what a valid task and a right answer are; a `RunSpec` is one. */
export interface VerifierSettings {
  tasks: TasksSpec;
  executor: ProposalLimits;
}
