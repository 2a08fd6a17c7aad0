import { Random } from '../random/random';
import { TASK_TYPES, type ByType, type TaskType } from '../task/task';
import { drawReferences, type ReferenceSampling } from './reference-sampling';
import { drawSolverTasks, type SolverBatch } from './solver-batch';
import type { TaskBuffer } from './task-buffer';

/** A proposal to be made: what the proposer is shown, and the seeds of everything that follows from it. */
export interface ProposalPlan {
  index: number;
  type: TaskType;
  /** Ids of the tasks shown as references; for induction the one whose program is shown. */
  references: string[];
  /** Seed of the proposer's completion. */
  seed: number;
  /** Seed of the first sample that estimates the task; sample i has seed + i. */
  estimateSeed: number;
}

/** A place in the solver's own batch: a task of the buffer, and the seed of its answer. */
export interface SolverPlan {
  index: number;
  type: TaskType;
  /**
   * With the batch `step`, what is answered in this place where the step's valid tasks do not reach it. Null where the
   * buffer held no task of the type.
   */
  taskId: string | null;
  seed: number;
}

/** All that is drawn before a step's first request, so that the step can be planned again. */
export interface StepPlan {
  /** 1 for the first step of a run. */
  step: number;
  /** The policy that acts in this step. */
  policyVersion: number;
  /** The step after which the buffer was as the plan saw it. */
  curriculumVersion: number;
  proposals: ProposalPlan[];
  solver: SolverPlan[];
}

export interface PlanSettings {
  seed: number;
  /** Proposals of each type. */
  proposals: ByType<number>;
  /** Tasks that a proposer is shown; fewer when the buffer holds fewer. */
  references: number;
  referenceSampling: ReferenceSampling;
  solverBatch: SolverBatch;
  /** Places of the solver's own batch; none with `estimates`. */
  solverTasks: ByType<number>;
}

/**
 * Draws a step from the curriculum (AZR Algorithm 1, lines 4, 9 and 14). The same arguments give the same plan.
 */
export function planStep(step: number, policyVersion: number, buffer: TaskBuffer, settings: PlanSettings): StepPlan {
  const proposals = TASK_TYPES.flatMap((type) => planProposals(step, type, buffer, settings));
  const solver = TASK_TYPES.flatMap((type) => planSolver(step, type, buffer, settings));
  return {
    step,
    policyVersion,
    curriculumVersion: buffer.version,
    proposals: proposals.map((proposal, index) => ({ index, ...proposal })),
    solver: solver.map((place, index) => ({ index, ...place })),
  };
}

function planProposals(
  step: number,
  type: TaskType,
  buffer: TaskBuffer,
  { seed, proposals, references, referenceSampling }: PlanSettings,
): Omit<ProposalPlan, 'index'>[] {
  const candidates = referenceTypes(type).flatMap((of) => buffer.ofType(of));
  const count = type === 'induction' ? 1 : references;
  return Array.from({ length: proposals[type] }, (_, i) => {
    const random = new Random(seed, step, 'proposal', type, i);
    const shown = drawReferences(candidates, count, referenceSampling, step, random).map(({ id }) => id);
    return { type, references: shown, seed: seedOf(random), estimateSeed: seedOf(random) };
  });
}

function planSolver(
  step: number,
  type: TaskType,
  buffer: TaskBuffer,
  { seed, solverBatch, solverTasks }: PlanSettings,
): Omit<SolverPlan, 'index'>[] {
  if (solverBatch === 'estimates') return [];
  const random = new Random(seed, step, 'solver', type);
  const tasks = drawSolverTasks(buffer.ofType(type), solverTasks[type], solverBatch, random);
  return tasks.map((task) => ({ type, taskId: task?.id ?? null, seed: seedOf(random) }));
}

/** Types whose tasks a proposer is shown: its own, but programs of deduction and abduction for induction (3.2). */
export const referenceTypes = (type: TaskType): readonly TaskType[] =>
  type === 'induction' ? ['deduction', 'abduction'] : [type];

/** Sampling seeds stay below 2^31 so that seed + i is one for every server. */
const seedOf = (random: Random): number => random.below(2 ** 30);
