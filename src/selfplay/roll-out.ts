import { setMaxListeners } from 'node:events';
import type { RunSpec } from '../config/run-spec';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { ProposalPlan, StepPlan } from '../domain/curriculum/step-plan';
import { PromptTooLong } from '../domain/errors';
import { PROMPT_FORMATS, type PromptFormat } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Validation, Verdict } from '../domain/task/verdict';
import type { ProposalValidator } from '../verifier/proposal-validator';
import { scoreResponse } from '../verifier/score-answer';
import type { Completion, Rollout } from './episode';
import type { RolloutPool, SampleRequest } from './ports';

/** One planned proposal, played to its end. */
export interface Attempt {
  plan: ProposalPlan;
  proposed: Rollout;
  validation: Validation;
  /** The task as it was solved, for an attempt whose proposal was a valid task when it landed. */
  solved?: { task: Task; rollout: Rollout; verdicts: Verdict[] };
}

/** Where rollouts of a step that are already there come from, and where new ones go. */
export interface RolloutLedger {
  get(key: string): Rollout | undefined;
  put(rollout: Rollout): Promise<void>;
}

/** Plays a plan: propose, validate, estimate. Nothing waits for a phase; each proposal runs to its end by itself. */
export class RollOut {
  private readonly format: PromptFormat;

  constructor(
    private readonly spec: RunSpec,
    private readonly pool: RolloutPool,
    private readonly validator: ProposalValidator,
  ) {
    this.format = PROMPT_FORMATS[spec.prompt.format];
  }

  /** @returns one attempt for each planned proposal, in order; the same whatever the order in which results land */
  async play(plan: StepPlan, buffer: TaskBuffer, ledger: RolloutLedger): Promise<Attempt[]> {
    const failure = new AbortController();
    // Every request in flight listens.
    setMaxListeners(Infinity, failure.signal);
    const attempts = plan.proposals.map(async (proposal) => {
      try {
        return await this.attempt(proposal, buffer, ledger, failure.signal);
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(attempts);
    // The first failure is the cause; the others may be its consequences.
    failure.signal.throwIfAborted();
    return rejectRepeats(await Promise.all(attempts));
  }

  private async attempt(
    plan: ProposalPlan,
    buffer: TaskBuffer,
    ledger: RolloutLedger,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const proposed = await this.propose(plan, buffer, ledger, signal);
    const response = responseOf(proposed.completions[0]!);
    const validation = await this.validator.validateResponse(plan.type, response, (id) => buffer.has(id));
    if (validation.outcome !== 'accepted') return { plan, proposed, validation };
    try {
      return { plan, proposed, validation, solved: await this.solve(plan, validation.task, ledger, signal) };
    } catch (error) {
      if (!(error instanceof PromptTooLong)) throw error;
      const detail = 'as a prompt it leaves no room for an answer';
      return { plan, proposed, validation: { outcome: 'rejected', reason: 'too_long', detail } };
    }
  }

  /** Shows as many of the planned references as leave room for a response, in the plan's order. */
  private async propose(
    plan: ProposalPlan,
    buffer: TaskBuffer,
    ledger: RolloutLedger,
    signal: AbortSignal,
  ): Promise<Rollout> {
    const references = plan.references.map((id) => buffer.get(id)!);
    for (;;) {
      const prompt = this.format.renderProposer(plan.type, references);
      const key = `propose/${plan.index}`;
      try {
        return await this.roll({ key, prompt, samples: 1, seed: plan.seed }, ledger, signal);
      } catch (error) {
        if (!(error instanceof PromptTooLong) || references.pop() === undefined) throw error;
      }
    }
  }

  /** The samples that estimate the task's solve rate; they are also what the solver is trained on. */
  private async solve(
    plan: ProposalPlan,
    task: Task,
    ledger: RolloutLedger,
    signal: AbortSignal,
  ): Promise<NonNullable<Attempt['solved']>> {
    const prompt = this.format.renderSolver(task);
    const request = { key: `solve/${plan.index}`, prompt, samples: this.spec.solver.samples, seed: plan.solverSeed };
    const rollout = await this.roll(request, ledger, signal);
    const parse = (text: string) => this.format.parseAnswer(task.type, text);
    return { task, rollout, verdicts: rollout.completions.map((it) => scoreResponse(task, responseOf(it), parse)) };
  }

  private async roll(
    request: Pick<SampleRequest, 'key' | 'prompt' | 'samples' | 'seed'>,
    ledger: RolloutLedger,
    signal: AbortSignal,
  ): Promise<Rollout> {
    const landed = ledger.get(request.key);
    if (landed) return landed;
    const { temperature, maxTokens } = this.spec.rollout;
    const rollout = await this.pool.sample({ ...request, temperature, maxTokens, stop: this.format.stop }, signal);
    await ledger.put(rollout);
    return rollout;
  }
}

const responseOf = ({ text, finished }: Completion) => ({ text, finished });

/** Of attempts that made the same task, the first in the plan's order is kept; the others repeat it. */
function rejectRepeats(attempts: Attempt[]): Attempt[] {
  const seen = new Set<string>();
  return attempts.map((attempt) => {
    if (attempt.validation.outcome !== 'accepted') return attempt;
    const { id } = attempt.validation.task;
    if (!seen.has(id)) {
      seen.add(id);
      return attempt;
    }
    const validation: Validation = { outcome: 'rejected', reason: 'duplicate', detail: 'proposed twice in this step' };
    return { ...attempt, validation };
  });
}
