import type { SettingProblem } from '../domain/errors';
import { TASK_TYPES, totalOf, type ByType, type TaskType } from '../domain/task/task';
import type { RunSpec } from './run-spec';

/** Settings that are legal each for itself and make no run together; one problem for each rule that is broken. */
export const contradictions = (spec: RunSpec): SettingProblem[] =>
  Object.values(RULES).flatMap((rule) => rule(spec) || []);

type Rule = (spec: RunSpec) => SettingProblem | false;

const RULES: Record<string, Rule> = {
  nothingProposed: ({ proposer: { proposals } }) =>
    totalOf(proposals) === 0 && {
      path: 'proposer.proposals',
      value: proposals,
      legal: 'a step begins with proposals: ask for those of one type at least',
    },

  inductionWithoutPrograms: ({ proposer: { proposals } }) =>
    proposals.induction > 0 &&
    proposals.deduction + proposals.abduction === 0 && {
      path: 'proposer.proposals.induction',
      value: proposals.induction,
      legal: 'its programs are those of deduction and abduction tasks: propose one of the two beside it',
    },

  nobodyTrained: ({ proposer, solver }) =>
    proposer.lossWeight === 0 &&
    solver.lossWeight === 0 && {
      path: 'solver.lossWeight',
      value: 0,
      legal: 'with proposer.lossWeight 0 too nothing is trained: set one of them above 0',
    },

  nothingSolved: ({ solver }) =>
    solver.batch !== 'estimates' &&
    solver.lossWeight > 0 &&
    totalOf(solver.tasks) === 0 && {
      path: 'solver.tasks',
      value: solver.tasks,
      legal: `with solver.batch ${solver.batch} the solver is trained on them: ask for some, or take estimates`,
    },

  errorTasksFromNowhere: ({ proposer, solver, curriculum: { seeding } }) =>
    solver.batch !== 'estimates' &&
    seeding.from === 'policy' &&
    solver.tasks.error > 0 &&
    proposer.proposals.error === 0 && {
      path: 'solver.tasks.error',
      value: solver.tasks.error,
      legal: 'seeding by the policy makes none and none are proposed: take 0, or set proposer.proposals.error',
    },

  oddMiniBatch: ({ update: { miniBatch }, ...spec }) => {
    const sequences = trainedSequences(spec);
    if (sequences === undefined || sequences <= miniBatch || sequences % miniBatch === 0) return false;
    const divisor = largestDivisor(sequences, miniBatch);
    const legal = `a step has ${sequences} sequences: take a divisor such as ${divisor}, or at least ${sequences}`;
    return { path: 'update.miniBatch', value: miniBatch, legal };
  },

  constantOfNoLength: ({ update: { aggregation, constantLength } }) =>
    aggregation === 'constant-length' &&
    constantLength === 0 && {
      path: 'update.constantLength',
      value: constantLength,
      legal:
        'update.aggregation constant-length divides by it: take the tokens of a long response, rollout.maxTokens say',
    },

  longerThanMicroBatch: ({ update: { microBatchTokens }, rollout }) => {
    const longest = rollout.maxPromptTokens + rollout.maxTokens;
    const legal = `a sequence of rollout.maxPromptTokens and rollout.maxTokens must fit: take at least ${longest}`;
    return microBatchTokens < longest && { path: 'update.microBatchTokens', value: microBatchTokens, legal };
  },

  capacityBelowProposals: ({ curriculum: { capacity }, proposer: { proposals } }) => {
    const type = largest(proposals);
    const legal = `a step may admit proposer.proposals.${type} tasks: take at least ${proposals[type]}`;
    return capacity < proposals[type] && { path: 'curriculum.capacity', value: capacity, legal };
  },

  capacityBelowSolverTasks: ({ curriculum: { capacity }, solver }) => {
    const type = largest(solver.tasks);
    const legal = `a step draws solver.tasks.${type} tasks from the buffer: take at least ${solver.tasks[type]}`;
    return (
      solver.batch !== 'estimates' &&
      capacity < solver.tasks[type] && { path: 'curriculum.capacity', value: capacity, legal }
    );
  },

  capacityBelowReferences: ({ curriculum: { capacity }, proposer: { references } }) =>
    capacity < references && {
      path: 'curriculum.capacity',
      value: capacity,
      legal: `a proposer is shown proposer.references tasks: take at least ${references}`,
    },

  capacityBelowSeeds: ({ curriculum: { capacity, seeding } }) =>
    seeding.from === 'policy' &&
    capacity < seeding.count && {
      path: 'curriculum.capacity',
      value: capacity,
      legal: `seeding makes curriculum.seeding.count tasks: take at least ${seeding.count}`,
    },

  fewerSeedsThanReferences: ({ curriculum: { seeding }, proposer: { references } }) =>
    seeding.from === 'policy' &&
    seeding.count < references && {
      path: 'curriculum.seeding.count',
      value: seeding.count,
      legal: `a proposer is shown proposer.references tasks: take at least ${references}, or show fewer`,
    },

  fewerProposalsThanSeeds: ({ curriculum: { seeding } }) =>
    seeding.from === 'policy' &&
    seeding.maxProposals < seeding.count && {
      path: 'curriculum.seeding.maxProposals',
      value: seeding.maxProposals,
      legal: `no more tasks than proposals can come of it: take at least curriculum.seeding.count, ${seeding.count}`,
    },

  noSeeds: ({ curriculum: { seeding } }) =>
    seeding.from === 'file' &&
    seeding.tasks === 'none' && {
      path: 'curriculum.seeding.tasks',
      value: seeding.tasks,
      legal: 'name the file (--seed-tasks FILE), take shipped, or set curriculum.seeding.from to policy',
    },

  roundAboveSamples: ({ solver: { estimation } }) =>
    estimation.round > estimation.samples && {
      path: 'solver.estimation.round',
      value: estimation.round,
      legal: `no more than solver.estimation.samples, ${estimation.samples}; 0 asks for all at once`,
    },

  halfPrior: ({ solver: { estimation } }) =>
    (estimation.priorSolved === 0) !== (estimation.priorFailed === 0) && {
      path: 'solver.estimation.priorSolved',
      value: estimation.priorSolved,
      legal: `a prior has both parts: with priorFailed ${estimation.priorFailed} set both above 0, or both to 0`,
    },

  settledWithoutRounds: ({ solver: { estimation } }) =>
    estimation.settled > 0 &&
    (estimation.round === 0 || estimation.round === estimation.samples) && {
      path: 'solver.estimation.settled',
      value: estimation.settled,
      legal: `all samples are taken at once: set solver.estimation.round below ${estimation.samples}, or settled to 0`,
    },

  lonelySamples: ({ advantage: { estimator }, solver }) =>
    (estimator === 'grpo' || estimator === 'rloo') &&
    (solver.batch !== 'estimates' || solver.estimation.samples === 1) && {
      path: 'advantage.estimator',
      value: estimator,
      legal:
        'it compares the samples of one prompt and there is one each: take solver.batch estimates with ' +
        'solver.estimation.samples above 1, or trr++ or reinforce++',
    },

  referencesAbovePrompt: ({ proposer: { referenceTokens }, rollout: { maxPromptTokens } }) =>
    maxPromptTokens > 0 &&
    referenceTokens > maxPromptTokens && {
      path: 'proposer.referenceTokens',
      value: referenceTokens,
      legal: `references are part of a prompt: at most rollout.maxPromptTokens, ${maxPromptTokens}`,
    },

  cappedToNothing: ({ proposer: { intrinsic } }) => {
    const terms = ['complexity', 'halstead', 'editDistance', 'diversity'] as const;
    const term = terms.find((name) => intrinsic[name].weight > 0 && intrinsic[name].max === 0);
    const legal = `it caps a term of weight ${term && intrinsic[term].weight} at nothing: set it above 0`;
    return term !== undefined && { path: `proposer.intrinsic.${term}.max`, value: 0, legal };
  },

  greedySamples: ({ evaluation: { samples, temperature } }) =>
    temperature === 0 &&
    samples > 1 && {
      path: 'evaluation.samples',
      value: samples,
      legal: 'greedy samples of a task are all the same: take 1, or set evaluation.temperature above 0',
    },
};

const largest = (counts: ByType<number>): TaskType =>
  TASK_TYPES.reduce((most, type) => (counts[type] > counts[most] ? type : most));

/** Sequences that a step trains on, where that does not depend on how many proposals are valid. */
function trainedSequences({ proposer, solver }: Pick<RunSpec, 'proposer' | 'solver'>): number | undefined {
  if (solver.batch === 'estimates') return undefined;
  const proposed = proposer.lossWeight > 0 ? totalOf(proposer.proposals) : 0;
  const solved = solver.lossWeight > 0 ? totalOf(solver.tasks) : 0;
  return proposed + solved;
}

function largestDivisor(of: number, atMost: number): number {
  let divisor = atMost;
  while (of % divisor !== 0) divisor--;
  return divisor;
}
