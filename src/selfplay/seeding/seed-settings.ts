import type { RunSpec } from '../../config/run-spec';
import { TASK_TYPES, type TaskType } from '../../domain/task/task';
import type { ValidationOptions } from '../../verifier/proposal-validator';

/** Types that the run proposes or solves. */
export const usedTypes = ({ proposer, solver }: RunSpec): TaskType[] =>
  TASK_TYPES.filter((type) => proposer.proposals[type] > 0 || (solver.batch !== 'estimates' && solver.tasks[type] > 0));

/** Two pairs are enough for a seed: one to show and one to hide. */
const SEED_INPUTS = 2;

/** How seeds are validated where it differs from proposals. */
export const seedOptions = ({ curriculum: { seeding } }: RunSpec): ValidationOptions => ({
  inputs: { least: SEED_INPUTS, most: Infinity },
  strip: seeding.strip,
});
