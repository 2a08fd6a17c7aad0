import { Random } from '../random/random';
import type { TaskType } from '../task/task';
import type { TaskBuffer } from './task-buffer';

/** A proposal to be made: what the proposer is shown, and the seeds of everything that follows from it. */
export interface ProposalPlan {
  index: number;
  type: TaskType;
  /** Ids of the tasks shown as references. */
  references: string[];
  /** Seed of the proposer's completion. */
  seed: number;
  /** Seed of the first solver sample; sample i has seed + i. */
  solverSeed: number;
}

/** All random choices of a step, drawn before anything is sent, so that it can be planned again. */
export interface StepPlan {
  /** 1 for the first step of a run. */
  step: number;
  /** The policy that acts in this step. */
  policyVersion: number;
  /** The step after which the buffer was as the plan saw it. */
  curriculumVersion: number;
  proposals: ProposalPlan[];
}

export interface PlanSettings {
  seed: number;
  /** Proposals of each type. */
  types: readonly TaskType[];
  proposalsPerType: number;
  /** Tasks that a proposer is shown; fewer when the buffer holds fewer. */
  references: number;
}

/** Draws a step from the curriculum. The same arguments give the same plan. */
export function planStep(step: number, policyVersion: number, buffer: TaskBuffer, settings: PlanSettings): StepPlan {
  const proposals = settings.types.flatMap((type) => {
    const candidates = buffer.ofType(type);
    return Array.from({ length: settings.proposalsPerType }, (_, i) => {
      const random = new Random(settings.seed, step, 'proposal', type, i);
      const references = random.sample(candidates, settings.references).map(({ id }) => id);
      return { type, references, seed: seedOf(random), solverSeed: seedOf(random) };
    });
  });
  return {
    step,
    policyVersion,
    curriculumVersion: buffer.version,
    proposals: proposals.map((proposal, index) => ({ index, ...proposal })),
  };
}

/** Sampling seeds stay below 2^31 so that seed + i is one for every server. */
const seedOf = (random: Random): number => random.below(2 ** 30);
