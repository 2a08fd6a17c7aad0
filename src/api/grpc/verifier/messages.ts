import { shortened } from '../../../domain/shortened';
import { hiddenPairs, shownPairs, type Task } from '../../../domain/task/task';
import type { Reason, Validation, Verdict } from '../../../domain/task/verdict';
import {
  Reason as ReasonMessage,
  Task as TaskMessage,
  ValidationOutcome,
  VerdictOutcome,
  type ScoreResponse,
  type ValidateResponse,
} from '../../../generated/azr/v1/verifier';
import type { IllegalItem } from './illegal-item';

/** UTF-16 units of the value of an item's field, and of what is said of it. */
const SHOWN = 200;
const LONGEST_DETAIL = 1_000;
/** Of a task's message: with what is around it, it fits the 4 MiB that a gRPC client takes unless it is told. */
const TASK_BYTES = 4_000_000;

export const toItemError = ({ field, value, legal }: IllegalItem) =>
  ({
    $case: 'error',
    value: { field, value: shortened(value, SHOWN), legal: shortened(legal, LONGEST_DETAIL) },
  }) as const;

export function toVerdict(verdict: Verdict): ScoreResponse['result'] {
  const outcome = VerdictOutcome[`VERDICT_OUTCOME_${upper(verdict.outcome)}`];
  if (verdict.outcome === 'correct') return { $case: 'verdict', value: { outcome, ...PASSED } };
  return { $case: 'verdict', value: { outcome, ...toFailure(verdict) } };
}

export function toValidation(validation: Validation): ValidateResponse['result'] {
  const outcome = ValidationOutcome[`VALIDATION_OUTCOME_${upper(validation.outcome)}`];
  if (validation.outcome !== 'accepted') {
    const penalised = validation.outcome === 'rejected' && validation.penalised;
    return { $case: 'validation', value: { ...NO_TASK, outcome, ...toFailure(validation), penalised } };
  }
  const { namelessId, toldInComment } = validation;
  const task = toTask(validation.task);
  if (TaskMessage.encode(task).finish().length > TASK_BYTES) return toValidation(TOO_LONG);
  const identity = { taskId: validation.task.id, namelessId };
  return { $case: 'validation', value: { outcome, ...PASSED, task, ...identity, toldInComment, penalised: false } };
}

const PASSED = { reason: ReasonMessage.REASON_UNSPECIFIED, detail: '' };
const NO_TASK = { task: undefined, taskId: '', namelessId: '', toldInComment: false };
const TOO_LONG: Validation = {
  outcome: 'rejected',
  penalised: true,
  reason: 'too_long',
  detail: `a task has at most ${TASK_BYTES} bytes`,
};

/** The types see to it that the contract has every reason. */
const toFailure = ({ reason, detail }: { reason: Reason; detail: string }) => ({
  reason: ReasonMessage[`REASON_${upper(reason)}`],
  detail: shortened(detail, LONGEST_DETAIL),
});
const upper = <T extends string>(text: T): Uppercase<T> => text.toUpperCase() as Uppercase<T>;

function toTask(task: Task): TaskMessage {
  if (task.type !== 'induction') {
    const { type, program, input, output } = task;
    return { task: { $case: type, value: { program, input, output } } };
  }
  const { program, message } = task;
  const pairs = { given: [...shownPairs(task)], hidden: [...hiddenPairs(task)] };
  return { task: { $case: 'induction', value: { program, message, ...pairs } } };
}
