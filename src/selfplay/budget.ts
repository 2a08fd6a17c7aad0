import type { StepOutcome } from './step-record';
import type { Clock } from './stopwatch';

export interface BudgetLimits {
  /** Further steps of this call. */
  steps?: number;
  /** Further seconds of this call, evaluations included. */
  seconds?: number;
  /** Seconds that earlier calls have spent of the same budget. */
  spentBefore: number;
  /** When this call began, by the clock. */
  start: number;
}

/** A step, as far as its time matters. */
export interface TimedStep {
  outcome: Pick<StepOutcome, 'seconds'>;
}

/** How long a call goes on. A step is not begun when it would not end in time. */
export class Budget {
  constructor(
    private readonly limits: BudgetLimits,
    private readonly clock: Clock,
  ) {}

  /** Seconds of the budget that are gone, those of earlier calls included. */
  spentSeconds(): number {
    return this.limits.spentBefore + this.clock() - this.limits.start;
  }

  /** Seconds left, or undefined where only steps count. */
  leftSeconds(): number | undefined {
    return this.limits.seconds === undefined ? undefined : this.limits.seconds - this.spentSeconds();
  }

  /** Steps left after `done`, or undefined where only time counts. */
  leftSteps(done: number): number | undefined {
    return this.limits.steps === undefined ? undefined : this.limits.steps - done;
  }

  /** @param reserveSeconds what ending the run takes: the last evaluation and checkpoint */
  allowsAnotherStep(steps: readonly TimedStep[], stopRequested: boolean, reserveSeconds: number): boolean {
    return this.allowsMore(stopRequested, reserveSeconds + longestStep(steps)) && this.leftSteps(steps.length) !== 0;
  }

  /** Whether there is time for what takes `seconds`, and nobody asked to stop. */
  allowsMore(stopRequested: boolean, seconds: number): boolean {
    const left = this.leftSeconds();
    return !stopRequested && (left === undefined || left > seconds);
  }
}

/** Of the last few steps, in seconds; 0 before the first. */
const longestStep = (steps: readonly TimedStep[]): number =>
  Math.max(0, ...steps.slice(-5).map(({ outcome }) => Object.values(outcome.seconds).reduce((a, b) => a + b, 0)));
