import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsString, Matches, Max, Min } from 'class-validator';
import { ESTIMATORS, WEIGHTINGS, type Estimator, type Weighting } from '../domain/advantage/advantage';
import {
  AGGREGATIONS,
  KL_ESTIMATORS,
  KL_TARGETS,
  MASK_UNITS,
  type Aggregation,
  type KlEstimator,
  type KlTarget,
  type MaskUnit,
} from '../domain/batch/train-batch';
import { BATCH_ORDERS, type BatchOrder } from '../domain/batch/batch-order';
import { REFERENCE_SAMPLINGS, type ReferenceSampling } from '../domain/curriculum/reference-sampling';
import { SOLVER_BATCHES, type SolverBatch } from '../domain/curriculum/solver-batch';
import { PROMPT_FORMATS, type PromptFormatName } from '../domain/prompt';
import { COMBINATIONS, type Combination } from '../domain/reward/intrinsic/combination';
import { PROPOSER_REWARDS, type ProposerRewardName } from '../domain/reward/proposer';
import type { ByType } from '../domain/task/task';
import { EQUALITY_MODES, type EqualityMode } from '../domain/value';
import { Above, HttpAddresses, Section, ZeroOrAbove } from './rules';

/** Counts go through 32 bits on their way to other parts. */
const LARGEST_COUNT = 2 ** 31 - 1;
/** Rewards, weights and coefficients: far beyond any use, and no sum of them overflows. */
const LARGEST_NUMBER = 1e6;

/** The policy that a run starts from. */
export class PolicySpec {
  /** Hugging Face folder; `shipped` is the tiny policy of this repository. */
  @IsString() dir!: string;
}

export class PromptSpec {
  @IsIn(Object.keys(PROMPT_FORMATS)) format!: PromptFormatName;
}

/** A number for each task type. */
export class CountByType implements ByType<number> {
  @IsInt() @Min(0) @Max(100_000) deduction!: number;
  @IsInt() @Min(0) @Max(100_000) abduction!: number;
  @IsInt() @Min(0) @Max(100_000) induction!: number;
  @IsInt() @Min(0) @Max(100_000) error!: number;
}

/** `reject`: earns the penalty. `zeroReward`: earns nothing, if nothing else is wrong; no task either. */
const TREATMENTS = ['reject', 'zeroReward', 'allow'] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** What a valid task is, and what a right answer is. */
export class TasksSpec {
  /**
   * Inputs of an induction proposal: fewer are rejected, further ones left out; the first half is shown to solvers.
   * Seeds need two and keep all.
   */
  @IsInt() @Min(2) @Max(1_000) inductionInputs!: number;
  /** `strict`: values and their types; `python`: plain `==`. */
  @IsIn(EQUALITY_MODES) equality!: EqualityMode;
  /** Proposals of a task that is in the buffer or in the step already; induction proposals that repeat an input. */
  @IsIn(TREATMENTS) duplicates!: Treatment;
  /** Proposals of such a task under other names: its program differs in names, comments and spacing alone. */
  @IsIn(TREATMENTS) renamedDuplicates!: Treatment;
  /** Induction tasks whose message, or an input that is shown, gives away the program; or whose message the pairs. */
  @IsIn(TREATMENTS) leaks!: Treatment;
  /** Induction tasks whose outputs are all equal. */
  @IsIn(TREATMENTS) constantOutputs!: Treatment;
  /** Deduction and abduction tasks whose `f` mentions none of its parameters: all inputs have the same output. */
  @IsIn(TREATMENTS) ignoredInputs!: Treatment;
  /** Induction tasks whose hidden outputs are all equal, and others are not: a program without a rule is right. */
  @IsIn(TREATMENTS) equalHiddenOutputs!: Treatment;
  /** Induction tasks with a hidden input that is shown as well, where `duplicates` lets inputs repeat. */
  @IsIn(TREATMENTS) shownHiddenInputs!: Treatment;
  /** Modules and dotted names that a proposal may not use, beside what is always banned (`verifier/ban-policy.ts`). */
  @IsArray() @Matches(/^[A-Za-z_]\w*(\.\w+)*$/, { each: true }) banned!: string[];
  /** Keywords of statements that the program of an error task may not use. */
  @IsArray() @IsIn(['raise', 'assert', 'try', 'except'], { each: true }) bannedErrorKeywords!: string[];
  /** Whether comments and docstrings are taken out of proposed programs. */
  @IsBoolean() stripComments!: boolean;
}

/** One intrinsic term of a proposer's reward: min(weight × value, max); off where the weight is 0. */
export class TermSpec {
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) weight!: number;
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) max!: number;
}

export class IntrinsicSpec {
  /** How the terms and the reward become one. */
  @IsIn(COMBINATIONS) combine!: Combination;
  @Section(TermSpec) complexity!: TermSpec;
  @Section(TermSpec) halstead!: TermSpec;
  @Section(TermSpec) editDistance!: TermSpec;
  @Section(TermSpec) diversity!: TermSpec;
}

export class ProposerSpec {
  /** Proposals of a step. */
  @Section(CountByType) proposals!: CountByType;
  /** Tasks shown as references; an induction proposal is shown one program. */
  @IsInt() @Min(0) @Max(64) references!: number;
  @IsIn(REFERENCE_SAMPLINGS) referenceSampling!: ReferenceSampling;
  /**
   * Tokens of all references of a prompt: those that do not fit are left out, but for the first. 0 leaves it to the
   * context.
   */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) referenceTokens!: number;
  @IsIn(Object.keys(PROPOSER_REWARDS)) reward!: ProposerRewardName;
  @IsNumber() @Min(-LARGEST_NUMBER) @Max(LARGEST_NUMBER) malformedReward!: number;
  @IsNumber() @Min(-LARGEST_NUMBER) @Max(LARGEST_NUMBER) rejectedReward!: number;
  /** Of a valid task that every sample or none solves. */
  @IsNumber() @Min(-LARGEST_NUMBER) @Max(LARGEST_NUMBER) unlearnableReward!: number;
  @Section(IntrinsicSpec) intrinsic!: IntrinsicSpec;
  /** Weight of a proposer's sequence in the loss; at 0 proposers are not trained. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) lossWeight!: number;
}

/** How a task's solve rate is estimated. */
export class EstimationSpec {
  /** Samples of a task, at most. */
  @IsInt() @Min(1) @Max(1_024) samples!: number;
  /** Samples that are asked for at a time; 0 asks for all at once. */
  @IsInt() @Min(0) @Max(1_024) round!: number;
  /** Sampling ends once the posterior's standard deviation is at most this; 0 always takes all samples. */
  @IsNumber() @Min(0) @Max(1) settled!: number;
  /** Beta prior of the solve rate, in solved and failed samples; 0 and 0 leave the mean as it is. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) priorSolved!: number;
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) priorFailed!: number;
}

export class SolverSpec {
  @Section(EstimationSpec) estimation!: EstimationSpec;
  /**
   * What the solver is trained on. `estimates`: the samples that estimated the step's tasks. `step`: the step's valid
   * tasks, filled up uniformly from the buffer. `newest`: the newest tasks of the buffer, filled up uniformly.
   */
  @IsIn(SOLVER_BATCHES) batch!: SolverBatch;
  /** Tasks of a step with `step` and `newest`; each is answered once. */
  @Section(CountByType) tasks!: CountByType;
  @IsNumber() @Min(-LARGEST_NUMBER) @Max(LARGEST_NUMBER) malformedReward!: number;
  @IsNumber() @Min(-LARGEST_NUMBER) @Max(LARGEST_NUMBER) wrongReward!: number;
  /** Weight of a solver's sequence in the loss; at 0 solvers are not trained. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) lossWeight!: number;
}

export class RolloutSpec {
  /** Base URLs of the servers that the policy answers from, all of which someone else started; none starts our own. */
  @HttpAddresses() servers!: string[];
  @Above(0) @Max(2) temperature!: number;
  /** Share of the probability that is sampled from, the likeliest tokens first. */
  @Above(0) @Max(1) topP!: number;
  /** Tokens of a prompt; 0 leaves it to the context. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) maxPromptTokens!: number;
  /** New tokens of a response. */
  @IsInt() @Min(1) @Max(1_000_000) maxTokens!: number;
  /** Requests in flight at a time. */
  @IsInt() @Min(1) @Max(10_000) concurrency!: number;
  /** Bound on one request. */
  @Above(0) @Max(86_400) timeoutSeconds!: number;
}

/** Where the first tasks come from. */
export class SeedingSpec {
  /** `file`: from a task file. `policy`: proposed by the policy itself, from the identity triplet. */
  @IsIn(['file', 'policy']) from!: 'file' | 'policy';
  /** With `file`: a JSONL file; `shipped` is the one beside the shipped policy. */
  @IsString() tasks!: string;
  /** With `policy`: valid triplets that are proposed, and then induction tasks. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) count!: number;
  /** With `policy`: proposals of each type, at most, before the run fails for want of valid ones. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) maxProposals!: number;
  /** What is taken out of seeds: comments and docstrings, or these and assignments at module level. */
  @IsIn(['none', 'comments', 'globals']) strip!: 'none' | 'comments' | 'globals';
}

export class CurriculumSpec {
  /** Tasks kept of each type; the oldest leave first. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) capacity!: number;
  @Section(SeedingSpec) seeding!: SeedingSpec;
}

export class AdvantageSpec {
  @IsIn(ESTIMATORS) estimator!: Estimator;
  @IsIn(WEIGHTINGS) weighting!: Weighting;
  /** Whether rewards are dealt out at random among those of a step with the same role and type: a control. */
  @IsBoolean() shuffled!: boolean;
}

export class UpdateSpec {
  @Above(0) @Max(1) learningRate!: number;
  @IsNumber() @Min(0) @Max(0.999999) beta1!: number;
  @IsNumber() @Min(0) @Max(0.999999) beta2!: number;
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) weightDecay!: number;
  /** Bound on the gradient's norm; 0 leaves it out. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) gradientClip!: number;
  /** Sequences of one optimizer step. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) miniBatch!: number;
  /** How sequences are laid out over mini-batches. */
  @IsIn(BATCH_ORDERS) order!: BatchOrder;
  @IsInt() @Min(1) @Max(100) epochs!: number;
  /** Tokens of the sequences in one forward pass, each with its prompt: a bound on memory. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) microBatchTokens!: number;
  @IsNumber() @Min(0) @Max(1) clipLow!: number;
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) clipHigh!: number;
  @IsIn(AGGREGATIONS) aggregation!: Aggregation;
  /** With `constant-length`: tokens that a sequence's losses are divided by. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) constantLength!: number;
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) entropyCoefficient!: number;
  /** Weight of the KL term; 0 leaves it out. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) klCoefficient!: number;
  /** `proximal`: the policy before the update; `reference`: the one that the run started from. */
  @IsIn(KL_TARGETS) klTarget!: KlTarget;
  @IsIn(KL_ESTIMATORS) klEstimator!: KlEstimator;
  /** Bound on the importance weight between trainer and rollout server; 0 leaves it out. */
  @IsNumber() @Min(0) @Max(LARGEST_NUMBER) importanceCap!: number;
  /**
   * What trainer and rollout server disagree about by more than this factor is masked: no policy gradient comes from
   * it. 0 masks nothing.
   */
  @ZeroOrAbove(1) @Max(LARGEST_NUMBER) maskThreshold!: number;
  /** A token by its own factor, or a sequence by the geometric mean of its tokens'. */
  @IsIn(MASK_UNITS) maskUnit!: MaskUnit;
}

export class CheckpointSpec {
  /** Steps between checkpoints. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) every!: number;
  /** Checkpoints kept; older ones are deleted. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) keep!: number;
}

export class EvaluationSpec {
  /** Steps between evaluations; 0 evaluates only where a call begins and ends. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) every!: number;
  /** Held-out tasks: a JSONL file; `shipped` is the one beside the shipped policy, `none` leaves them out. */
  @IsString() tasks!: string;
  /** Tasks of each type that are used, from the start of the file. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) perType!: number;
  /** CRUXEval (arXiv 2401.03065): its JSONL file, or `none`. */
  @IsString() cruxeval!: string;
  /** Rows of CRUXEval that are used, from the start of the file; 0 takes all. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) cruxevalRows!: number;
  /** Samples of each task. */
  @IsInt() @Min(1) @Max(1_024) samples!: number;
  /** 0 is greedy. */
  @IsNumber() @Min(0) @Max(2) temperature!: number;
}

/** When self-play has collapsed, and what then. */
export class HealthSpec {
  /** Steps that the shares below are taken over. */
  @IsInt() @Min(1) @Max(1_000) window!: number;
  /** Alarm when a smaller share of the proposals is valid. */
  @IsNumber() @Min(0) @Max(1) minValidShare!: number;
  /** Alarm when a smaller share of the programs of valid tasks and repeats is new; induction is left out. */
  @IsNumber() @Min(0) @Max(1) minNewShare!: number;
  /** Alarm when so many proposals in a row were malformed. */
  @IsInt() @Min(1) @Max(LARGEST_COUNT) malformedStreak!: number;
  /** Alarm when so many updates in a row were skipped, their losses or gradients not being finite; it always pauses. */
  @IsInt() @Min(1) @Max(1_000) skippedUpdates!: number;
  /** `pause` ends the call with an alarm; the run can be resumed. */
  @IsIn(['continue', 'pause']) onAlarm!: 'continue' | 'pause';
}

export class ExecutorSpec {
  /** Wall clock of one run. */
  @IsInt() @Min(1) @Max(60_000) timeoutMs!: number;
  /** Memory that a program may add to the interpreter's own. */
  @IsInt() @Min(32) @Max(4_096) memoryMib!: number;
  /** Characters of an input's canonical text; longer ones make a task invalid. */
  @IsInt() @Min(1) @Max(1_048_576) inputLength!: number;
  /** Longer outputs make a task invalid. */
  @IsInt() @Min(1) @Max(1_048_576) outputBytes!: number;
  /** Weakest jail that programs are run in: 0 (a declared sandbox), 1, 2, or 3 by explicit choice. */
  @IsInt() @Min(0) @Max(3) minimumTier!: number;
}

/** All that a run is, but its budget: a run is the same run only while this is the same. */
export class RunSpec {
  /** Every random choice of the run follows from it. */
  @IsInt() @Min(0) @Max(2 ** 31 - 1) seed!: number;
  /** The run is finished after so many; 0 sets no end. */
  @IsInt() @Min(0) @Max(LARGEST_COUNT) steps!: number;
  @Section(PolicySpec) policy!: PolicySpec;
  @Section(PromptSpec) prompt!: PromptSpec;
  @Section(TasksSpec) tasks!: TasksSpec;
  @Section(ProposerSpec) proposer!: ProposerSpec;
  @Section(SolverSpec) solver!: SolverSpec;
  @Section(RolloutSpec) rollout!: RolloutSpec;
  @Section(CurriculumSpec) curriculum!: CurriculumSpec;
  @Section(AdvantageSpec) advantage!: AdvantageSpec;
  @Section(UpdateSpec) update!: UpdateSpec;
  @Section(CheckpointSpec) checkpoint!: CheckpointSpec;
  @Section(EvaluationSpec) evaluation!: EvaluationSpec;
  @Section(HealthSpec) health!: HealthSpec;
  @Section(ExecutorSpec) executor!: ExecutorSpec;
}
