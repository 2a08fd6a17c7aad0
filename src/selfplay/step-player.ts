import { setMaxListeners } from 'node:events';
import type { RunSpec, TasksSpec } from '../config/run-spec';
import type { SolverPlan, StepPlan } from '../domain/curriculum/step-plan';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { PromptTooLong } from '../domain/errors';
import { PROMPT_FORMATS, type PromptFormat } from '../domain/prompt';
import type { Task, TaskType } from '../domain/task/task';
import { Objection } from '../verifier/objection';
import { rejection, type ProposalValidator } from '../verifier/proposal-validator';
import type { AnswerScorer } from '../verifier/score-answer';
import { Estimator, type Estimate } from './estimate';
import type { RolloutPool } from './ports';
import { Proposer, type Proposed } from './propose';
import { rejectRepeats } from './repeats';
import { Sampler, type RolloutLedger } from './sampler';
import { Solver, type Solved } from './solve';

/** One planned proposal, played to its end. */
export interface Attempt extends Proposed {
  /** For a proposal that was a valid task when it landed. */
  estimate?: Estimate;
}

/** What a step's plan came to; the same whatever the order in which results landed. */
export interface Played {
  /** One for each planned proposal that could be made, in order. */
  attempts: Attempt[];
  /** The solver's own batch, in the plan's order. */
  solved: Solved[];
}

export interface Verifiers {
  validator: ProposalValidator;
  scorer: AnswerScorer;
}

/**
 * Plays a plan: propose, validate, estimate, solve. Nothing waits for a phase: each proposal runs to its end by itself,
 * and the solver's batch beside them. Only with the batch `step` a type's places wait for its proposals' verdicts.
 */
export class StepPlayer {
  private readonly format: PromptFormat;
  private readonly proposer: Proposer;
  private readonly estimator: Estimator;
  private readonly solver: Solver;

  constructor(
    private readonly spec: RunSpec,
    private readonly pool: RolloutPool,
    { validator, scorer }: Verifiers,
  ) {
    this.format = PROMPT_FORMATS[spec.prompt.format];
    this.proposer = new Proposer(spec, this.format, pool, validator);
    this.estimator = new Estimator(spec, this.format, scorer);
    this.solver = new Solver(this.format, scorer);
  }

  async play(plan: StepPlan, buffer: TaskBuffer, ledger: RolloutLedger): Promise<Played> {
    const failure = new AbortController();
    // Every request in flight listens.
    setMaxListeners(Infinity, failure.signal);
    const sampler = new Sampler(this.pool, this.spec.rollout, this.format.stop, ledger, failure.signal);
    const guarded = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        failure.abort(error);
        throw error;
      });
    const proposals = plan.proposals.map((it) => guarded(this.proposer.propose(it, buffer, sampler)));
    const attempts = proposals.map((proposed) => guarded(this.estimated(proposed, sampler)));
    const solved = plan.solver.map((place) => guarded(this.solve(place, plan, buffer, proposals, sampler)));
    await Promise.allSettled([...attempts, ...solved]);
    // The first failure is the cause; the others may be its consequences.
    failure.signal.throwIfAborted();
    const played = (await Promise.all(attempts)).filter((it) => it !== undefined);
    return {
      attempts: rejectRepeats(played, this.spec.tasks),
      solved: (await Promise.all(solved)).filter((it) => it !== undefined),
    };
  }

  private async estimated(proposal: Promise<Proposed | undefined>, sampler: Sampler): Promise<Attempt | undefined> {
    const proposed = await proposal;
    if (proposed?.validation.outcome !== 'accepted') return proposed;
    try {
      const estimate = await this.estimator.estimate(proposed.plan, proposed.validation.task, sampler);
      return { ...proposed, estimate };
    } catch (error) {
      if (!(error instanceof PromptTooLong)) throw error;
      const unfit = new Objection('too_long', 'as a prompt it leaves no room for an answer');
      return { ...proposed, validation: rejection(unfit) };
    }
  }

  private async solve(
    place: SolverPlan,
    plan: StepPlan,
    buffer: TaskBuffer,
    proposals: readonly Promise<Proposed | undefined>[],
    sampler: Sampler,
  ): Promise<Solved | undefined> {
    const drawn = place.taskId === null ? undefined : buffer.get(place.taskId);
    const own = this.spec.solver.batch === 'step' ? await validAt(place, plan, proposals, this.spec.tasks) : undefined;
    const solved = own && (await this.solver.solve(place, own, sampler));
    return solved ?? (drawn && this.solver.solve(place, drawn, sampler));
  }
}

/** The step's own task for a place: the n-th valid one of the type for the type's n-th place. */
async function validAt(
  { type, index }: SolverPlan,
  plan: StepPlan,
  proposals: readonly Promise<Proposed | undefined>[],
  tasks: TasksSpec,
): Promise<Task | undefined> {
  const valid = await validTasksOf(type, plan, proposals, tasks);
  return valid[index - plan.solver.findIndex((place) => place.type === type)];
}

/** One task has one place, also where repeats are allowed. */
async function validTasksOf(
  type: TaskType,
  plan: StepPlan,
  proposals: readonly Promise<Proposed | undefined>[],
  tasks: TasksSpec,
): Promise<Task[]> {
  const ofType = await Promise.all(proposals.filter((_, i) => plan.proposals[i]!.type === type));
  const proposed = ofType.filter((it) => it !== undefined);
  const firsts = rejectRepeats(proposed, { ...tasks, duplicates: 'reject' });
  return firsts.flatMap(({ validation }) => (validation.outcome === 'accepted' ? [validation.task] : []));
}
