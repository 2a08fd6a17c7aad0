import type { RunSpec } from '../../config/run-spec';
import type { ProposalPlan } from '../../domain/curriculum/step-plan';
import { referenceTypes } from '../../domain/curriculum/step-plan';
import { TaskBuffer, type NewTask } from '../../domain/curriculum/task-buffer';
import { tallyOf } from '../../domain/count';
import { AzrError } from '../../domain/errors';
import { Random } from '../../domain/random/random';
import type { TaskType, TripletProposal, TripletType } from '../../domain/task/task';
import type { Accepted, Reason } from '../../domain/task/verdict';
import type { ProposalValidator } from '../../verifier/proposal-validator';
import { objectionToRepeat } from '../../verifier/proposals/identity';
import type { RunObserver } from '../ports';
import type { Proposed, Proposer } from '../propose';
import type { Sampler } from '../sampler';
import type { SeedFit } from './seed-fit';
import { seedOptions, usedTypes } from './seed-settings';

/** The one triplet that all tasks come from (AZR section 3.3.1, Figure 5). */
const IDENTITY = { program: 'def f(a):\n    return a', input: "'Hello world'" };

/** Proposals that are made at a time; what they are shown is what was valid before them. */
const ROUND = 64;

/** Why seeding ended before there were enough tasks: someone asked, or the budget did; or an alarm. */
export type SeedingEnd = 'stopped' | 'paused';

interface SeedParts {
  proposer: Proposer;
  validator: ProposalValidator;
  fit: SeedFit;
  sampler: Sampler;
  observer: RunObserver;
  /** Whether the proposal was made by an earlier call. */
  isLanded(key: string): boolean;
  /** Asked between rounds. */
  goesOn(): boolean;
}

/**
 * First tasks from the policy itself, with no update between (AZR section 3.3.1, `InitSeeding` of Algorithm 1).
 * Triplets are proposed from the identity on until there are enough, and start the buffers of deduction and abduction
 * alike; then induction tasks on their programs; then error tasks, where the run has them.
 */
export class PolicySeeding {
  private readonly tasks: NewTask[] = [];
  private proposals = 0;
  /** Malformed proposals in a row. */
  private malformed = 0;
  private alarmed = false;
  /** Valid tasks that cannot be put to the policy. */
  private unfit = 0;
  /** Why proposals were no tasks. */
  private readonly reasons: Reason[] = [];
  private end: SeedingEnd | undefined;

  constructor(
    private readonly spec: RunSpec,
    private readonly parts: SeedParts,
  ) {}

  /** @throws AzrError when the policy makes too few valid proposals */
  async seed(): Promise<NewTask[] | SeedingEnd> {
    const types = usedTypes(this.spec);
    const triplets = types.filter((type): type is TripletType => type === 'deduction' || type === 'abduction');
    await this.admit(triplets, IDENTITY);
    if (triplets[0]) await this.propose(triplets[0], triplets);
    if (types.includes('induction')) await this.propose('induction', []);
    if (types.includes('error')) {
      await this.admit(['error'], IDENTITY);
      await this.propose('error', ['error']);
    }
    if (!this.end && this.reasons.length > 0) this.parts.observer.note(`seed ${this.rejections()}`);
    return this.end ?? this.tasks;
  }

  /** Proposes in rounds until there are enough tasks of `type`; a valid triplet is admitted as each of `as`. */
  private async propose(type: TaskType, as: readonly TripletType[]): Promise<void> {
    const { count, maxProposals } = this.spec.curriculum.seeding;
    const first = this.proposals;
    while (this.countOf(type) < count && this.mayGoOn()) {
      const left = maxProposals - (this.proposals - first);
      if (left <= 0) throw this.tooFew(type);
      this.parts.observer.busy(`seeding: ${this.countOf(type)} of ${count} ${type} tasks`);
      for (const { proposed, isLanded } of await this.round(type, Math.min(ROUND, left))) {
        if (!isLanded) this.watch(proposed);
        const { validation } = proposed;
        if (validation.outcome !== 'accepted') this.reasons.push(validation.reason);
        if (validation.outcome !== 'accepted' || this.countOf(type) >= count) continue;
        const { task } = validation;
        await this.keep(validation);
        if (task.type !== 'induction') await this.admit(others(as, task.type), task);
      }
    }
  }

  private mayGoOn(): boolean {
    if (!this.end && !this.parts.goesOn()) this.end = 'stopped';
    return this.end === undefined;
  }

  private async round(type: TaskType, size: number): Promise<{ proposed: Proposed; isLanded: boolean }[]> {
    const empty = new TaskBuffer(0, [], Infinity);
    const buffer = empty.apply(0, empty.plan(0, this.tasks));
    const candidates = referenceTypes(type).flatMap((of) => buffer.ofType(of));
    const plans = Array.from({ length: size }, (): ProposalPlan => {
      const index = this.proposals++;
      const random = new Random(this.spec.seed, 0, 'seeding', index);
      const shown = random.sample(candidates, type === 'induction' ? 1 : this.spec.proposer.references);
      const references = shown.map(({ id }) => id);
      return { index, type, references, seed: random.below(2 ** 30), estimateSeed: 0 };
    });
    const round = plans.map(async (plan) => {
      const isLanded = this.parts.isLanded(`propose/${plan.index}`);
      return { proposed: await this.parts.proposer.propose(plan, buffer, this.parts.sampler), isLanded };
    });
    return (await Promise.all(round)).flatMap(({ proposed, isLanded }) => (proposed ? [{ proposed, isLanded }] : []));
  }

  /** Admits a triplet as a task of each type: to be answered forwards, it must also be to be answered backwards. */
  private async admit(types: readonly TripletType[], { program, input }: Omit<TripletProposal, 'type'>): Promise<void> {
    for (const type of types) {
      const proposal = { type, program, input };
      const validation = await this.parts.validator.validate(proposal, () => false, seedOptions(this.spec));
      if (validation.outcome === 'accepted') await this.keep(validation);
    }
  }

  /** A task of the same round may be the same one: each is kept once. */
  private async keep({ task, namelessId }: Accepted): Promise<void> {
    const known = (id: string): boolean => this.tasks.some((it) => it.id === id || it.namelessId === id);
    const settings = { ...this.spec.tasks, duplicates: 'reject' } as const;
    if (objectionToRepeat({ id: task.id, namelessId }, known, 'a seed already', settings)) return;
    if (await this.parts.fit.fits(task)) this.tasks.push({ ...task, namelessId, solveRate: null });
    else this.unfit++;
  }

  private countOf(type: TaskType): number {
    return this.tasks.filter((task) => task.type === type).length;
  }

  /** Tells of a policy that does not know the format. */
  private watch({ validation }: Proposed): void {
    const { malformedStreak, onAlarm } = this.spec.health;
    this.malformed = validation.outcome === 'malformed' ? this.malformed + 1 : 0;
    if (this.malformed < malformedStreak || this.alarmed) return;
    this.alarmed = true;
    const message = `the last ${malformedStreak} seed proposals were malformed: does the policy know the format?`;
    this.parts.observer.alarm('malformed', message);
    if (onAlarm === 'pause') this.end = 'paused';
  }

  /** Most frequent first. */
  private rejections(): string {
    const counts = [...tallyOf(this.reasons)].sort(([, a], [, b]) => b - a);
    if (counts.length === 0) return 'all proposals were tasks';
    return `proposals that were no tasks: ${counts.map(([reason, n]) => `${n} ${reason}`).join(', ')}`;
  }

  private tooFew(type: TaskType): AzrError {
    const { count, maxProposals } = this.spec.curriculum.seeding;
    return new AzrError(
      'conflict',
      `curriculum.seeding: ${maxProposals} proposals gave ${this.countOf(type)} of ${count} ${type} tasks` +
        `${this.unfit > 0 ? ` (${this.unfit} valid ones are too long for the policy's context)` : ''}; ` +
        `${this.rejections()}; raise maxProposals, lower count, or seed from a file`,
    );
  }
}

const others = (types: readonly TripletType[], own: TripletType): TripletType[] => types.filter((it) => it !== own);
