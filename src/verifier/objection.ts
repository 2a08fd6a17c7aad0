import type { Reason } from '../domain/task/verdict';

/** Why a proposal or an answer does not pass. */
export class Objection {
  constructor(
    readonly reason: Reason,
    /** One line for a person. */
    readonly detail: string,
  ) {}
}
