import type { SolveRate } from '../../domain/curriculum/solve-rate';
import { TASK_TYPES, type Role, type TaskType } from '../../domain/task/task';
import {
  TaskType as TypeMessage,
  type Evaluated,
  type RoleOutcome,
  type SolveRate as SolveRateMessage,
  type StepCommitted,
  type StepHealth as HealthMessage,
  type TypeOutcome,
} from '../../generated/azr/v1/run';
import type { EvaluationResult } from '../../selfplay/evaluation-result';
import type { RunEvent } from '../../selfplay/run-event';
import type { StepHealth, StepOutcome } from '../../selfplay/step-record';

const TYPES: Record<TaskType, TypeMessage> = {
  deduction: TypeMessage.TASK_TYPE_DEDUCTION,
  abduction: TypeMessage.TASK_TYPE_ABDUCTION,
  induction: TypeMessage.TASK_TYPE_INDUCTION,
  error: TypeMessage.TASK_TYPE_ERROR,
};

export const toStepCommitted = ({
  step,
  outcome,
  update,
  bufferSize,
}: Extract<RunEvent, { kind: 'step' }>): StepCommitted => ({
  step,
  types: TASK_TYPES.map((type) => toTypeOutcome(type, outcome)),
  rejections: outcome.rejections,
  sequencesGenerated: outcome.sequencesGenerated,
  purposes: outcome.purposes,
  sequencesTrained: outcome.sequencesTrained,
  tokensGenerated: outcome.tokensGenerated,
  seconds: outcome.seconds,
  health: toHealth(outcome.health),
  update,
  bufferSize,
});

export const toEvaluated = (result: EvaluationResult): Evaluated => ({
  policyVersion: result.policyVersion,
  heldOut: TASK_TYPES.map((type) => ({ type: TYPES[type], solveRate: toSolveRate(result.solveRate[type]) })),
  benchmarks: Object.fromEntries(Object.entries(result.benchmarks).map(([name, rate]) => [name, toSolveRate(rate)])),
  seconds: result.seconds,
  sequencesGenerated: result.sequencesGenerated,
  tokensGenerated: result.tokensGenerated,
});

const toTypeOutcome = (type: TaskType, outcome: StepOutcome): TypeOutcome => ({
  type: TYPES[type],
  ...outcome.tasks[type],
  solveRate: toSolveRate(outcome.solveRate[type]),
  proposer: toRoleOutcome('proposer', type, outcome),
  solver: toRoleOutcome('solver', type, outcome),
});

const toRoleOutcome = (role: Role, type: TaskType, { rewards, sequences }: StepOutcome): RoleOutcome => ({
  meanReward: rewards[role][type] ?? undefined,
  sequencesGenerated: sequences[role][type].generated,
  sequencesTrained: sequences[role][type].trained,
});

const toSolveRate = ({ solved, samples }: SolveRate): SolveRateMessage => ({ solved, samples });

const toHealth = ({ responseTokens, ...health }: StepHealth): HealthMessage => ({
  ...health,
  proposerResponses: responseTokens.proposer,
  solverResponses: responseTokens.solver,
});
