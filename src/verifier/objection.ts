import type { Treatment } from '../config/run-spec';
import type { Reason } from '../domain/task/verdict';

/** Why a proposal or an answer does not pass. */
export class Objection {
  constructor(
    readonly reason: Reason,
    /** One line for a person. */
    readonly detail: string,
    /** Whether a proposal earns the penalty for it, else nothing. */
    readonly penalised = true,
  ) {}
}

/** The objection to a kind of task that runs may treat as they like. */
export function treated(treatment: Treatment, reason: Reason, detail: string): Objection | undefined {
  return treatment === 'allow' ? undefined : new Objection(reason, detail, treatment === 'reject');
}

/** The one that decides: a proposal earns nothing rather than the penalty only where no objection is penalised. */
export const worst = (...objections: (Objection | undefined)[]): Objection | undefined =>
  objections.find((it) => it?.penalised) ?? objections.find((it) => it !== undefined);
