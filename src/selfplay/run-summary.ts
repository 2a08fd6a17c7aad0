import { sumOf } from '../domain/count';
import { solveRate } from '../domain/curriculum/solve-rate';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Alarm } from '../domain/health/collapse';
import { byType, TASK_TYPES, type ByType, type Role, type TaskType } from '../domain/task/task';
import { PURPOSES, type TaskSample } from './episode';
import type { EvaluationResult } from './evaluation-result';
import type { UpdateMetrics } from './ports';
import type { Jail, RunState } from './run';
import type { CellCounts, ProposalCounts, StepOutcome } from './step-record';

/** What one call did to a run. */
export interface RunSummary extends Counted {
  runId: string;
  /** Types that the run has. */
  types: readonly TaskType[];
  state: RunState;
  /** Steps that this call committed. */
  steps: number;
  policyVersion: number;
  /** What seeding told of rows and proposals that it left out, where this call did it. */
  seeding: string[];
  /** Sequences generated beside the steps, none of which are trained on. */
  beside: { seed: number; evaluate: number };
  /** At the version that the call started from, and at the one that it ended with; absent if switched off. */
  heldOut: {
    temperature: number;
    before?: EvaluationResult;
    /** Those of every `evaluation.every` steps, oldest first. */
    between: readonly EvaluationResult[];
    after?: EvaluationResult;
  };
  /** What held the programs of the call; absent where who executed it does not say. */
  jail?: Jail;
  /** Wall clock by part; parts do not overlap. */
  seconds: Record<string, number>;
  /** Folder of the newest checkpoint. */
  checkpoint: string;
  /** Hugging Face folder of the policy as it is now. */
  exported: string;
  samples: TaskSample[];
}

/** What is added up over steps: counts, and means that weigh each episode the same. */
type Added = Pick<
  StepOutcome,
  | 'solveRate'
  | 'rewards'
  | 'rejections'
  | 'sequences'
  | 'purposes'
  | 'sequencesGenerated'
  | 'sequencesTrained'
  | 'tokensGenerated'
>;

/** The steps of a call, added up. */
export interface Counted extends Added {
  tasks: ByType<ProposalCounts & { buffer: number }>;
  health: HealthSummary;
  alarms: (Alarm & { step: number })[];
}

export interface HealthSummary {
  /** Of the programs of valid tasks and repeats; null where there were none. */
  newShare: number | null;
  /** Of all proposals, those of a task that was there already. */
  repeatShare: number;
  /** Of the valid tasks, those whose answer stands in a comment of their program; null where there were none. */
  toldShare: number | null;
  /** Valid tasks by the type of their output. */
  outputTypes: Record<string, number>;
  /** Of the newest step: policy entropy in nats, mean response tokens by role, mean age of the buffer in steps. */
  entropy: number | null;
  responseTokens: Record<Role, number | null>;
  bufferAge: number | null;
}

/** What is kept of a step for the summary. */
export interface MadeStep {
  step: number;
  outcome: StepOutcome;
  update: UpdateMetrics;
  alarms: readonly Alarm[];
}

/** Adds up the steps of a call. */
export function summarise(steps: readonly MadeStep[], buffer: TaskBuffer): Counted {
  const outcomes = steps.map(({ outcome }) => outcome);
  const sum = summing(outcomes);
  const cells = (role: Role): ByType<CellCounts> =>
    byType((type) => ({
      generated: sum((it) => it.sequences[role][type].generated),
      trained: sum((it) => it.sequences[role][type].trained),
    }));
  return {
    tasks: byType((type) => ({
      proposed: sum((it) => it.tasks[type].proposed),
      valid: sum((it) => it.tasks[type].valid),
      admitted: sum((it) => it.tasks[type].admitted),
      buffer: buffer.ofType(type).length,
    })),
    solveRate: byType((type) => {
      const solved = sum((it) => it.solveRate[type].solved);
      const samples = sum((it) => it.solveRate[type].samples);
      return solveRate(solved, samples);
    }),
    rewards: { proposer: meanRewards(outcomes, 'proposer'), solver: meanRewards(outcomes, 'solver') },
    rejections: sumOf(outcomes.map(({ rejections }) => rejections)),
    sequences: { proposer: cells('proposer'), solver: cells('solver') },
    purposes: Object.fromEntries(
      PURPOSES.map((purpose) => [purpose, sum((it) => it.purposes[purpose])]),
    ) as Counted['purposes'],
    sequencesGenerated: sum((it) => it.sequencesGenerated),
    sequencesTrained: sum((it) => it.sequencesTrained),
    tokensGenerated: sum((it) => it.tokensGenerated),
    health: healthSummary(steps),
    alarms: steps.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ ...alarm, step }))),
  };
}

/** Adds up what is asked of each step. */
const summing =
  (outcomes: readonly StepOutcome[]) =>
  (of: (outcome: StepOutcome) => number): number =>
    outcomes.reduce((total, it) => total + of(it), 0);

/** Mean of per-step means, each weighing its episodes. */
const meanRewards = (outcomes: readonly StepOutcome[], role: Role): ByType<number | null> =>
  byType((type: TaskType) => {
    const weights = outcomes.map((it) => it.sequences[role][type].generated);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return null;
    return outcomes.reduce((sum, it, i) => sum + weights[i]! * (it.rewards[role][type] ?? 0), 0) / total;
  });

function healthSummary(steps: readonly MadeStep[]): HealthSummary {
  const outcomes = steps.map(({ outcome }) => outcome);
  const sum = summing(outcomes);
  const proposed = sum(({ tasks }) => TASK_TYPES.reduce((total, type) => total + tasks[type].proposed, 0));
  const valid = sum(({ tasks }) => TASK_TYPES.reduce((total, type) => total + tasks[type].valid, 0));
  const programs = sum(({ health }) => health.programs);
  const newest = steps.at(-1);
  const health = newest?.outcome.health;
  return {
    newShare: programs === 0 ? null : sum((it) => it.health.newPrograms) / programs,
    repeatShare: proposed === 0 ? 0 : sum(({ health: it }) => it.repeats) / proposed,
    toldShare: valid === 0 ? null : sum(({ health: it }) => it.toldInComment) / valid,
    outputTypes: sumOf(outcomes.map((it) => it.health.outputTypes)),
    entropy: newest?.update.entropy ?? null,
    responseTokens: {
      proposer: health?.responseTokens.proposer.mean ?? null,
      solver: health?.responseTokens.solver.mean ?? null,
    },
    bufferAge: health?.bufferAge ?? null,
  };
}
