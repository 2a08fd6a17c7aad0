import { ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsNumber, IsString, Max, Min } from 'class-validator';
import { WEIGHTINGS, type Weighting } from '../domain/advantage/task-relative';
import { AGGREGATIONS, type Aggregation } from '../domain/batch/train-batch';
import { PROMPT_FORMATS, type PromptFormatName } from '../domain/prompt';
import { TASK_TYPES, type TaskType } from '../domain/task/task';
import { Above, Section } from './rules';

/** The policy that a run starts from. */
export class PolicySpec {
  /** Hugging Face folder; `shipped` is the tiny policy of this repository. */
  @IsString() dir!: string;
}

export class TasksSpec {
  /** Task types that are proposed and solved. */
  @IsIn(TASK_TYPES, { each: true }) @ArrayNotEmpty() @ArrayUnique() types!: TaskType[];
}

export class PromptSpec {
  @IsIn(Object.keys(PROMPT_FORMATS)) format!: PromptFormatName;
}

export class ProposerSpec {
  /** Proposals of each type in a step. */
  @IsInt() @Min(1) @Max(100_000) proposalsPerType!: number;
  /** Tasks shown as references. */
  @IsInt() @Min(0) @Max(64) references!: number;
  @IsNumber() malformedReward!: number;
  @IsNumber() rejectedReward!: number;
  /** Of a valid task that every sample or none solves. */
  @IsNumber() unlearnableReward!: number;
  /** Weight of a proposer's sequence in the loss. */
  @IsNumber() @Min(0) lossWeight!: number;
}

export class SolverSpec {
  /** Samples that estimate a task's solve rate, and that the solver is trained on. */
  @IsInt() @Min(1) @Max(1_024) samples!: number;
  @IsNumber() malformedReward!: number;
  @IsNumber() wrongReward!: number;
  @IsNumber() @Min(0) lossWeight!: number;
}

export class RolloutSpec {
  @Above(0) @Max(2) temperature!: number;
  /** New tokens of a response. */
  @IsInt() @Min(1) @Max(1_000_000) maxTokens!: number;
  /** Requests in flight at a time. */
  @IsInt() @Min(1) @Max(10_000) concurrency!: number;
  /** Bound on one request. */
  @Above(0) @Max(86_400) timeoutSeconds!: number;
}

export class CurriculumSpec {
  /** Tasks kept of each type; the oldest leave first. */
  @IsInt() @Min(1) capacity!: number;
  /** Tasks that the buffer starts with: a JSONL file; `shipped` is the one beside the shipped policy. */
  @IsString() seedTasks!: string;
}

export class AdvantageSpec {
  @IsIn(['trr++']) estimator!: 'trr++';
  @IsIn(WEIGHTINGS) weighting!: Weighting;
}

export class UpdateSpec {
  @Above(0) @Max(1) learningRate!: number;
  @IsNumber() @Min(0) @Max(0.999999) beta1!: number;
  @IsNumber() @Min(0) @Max(0.999999) beta2!: number;
  @IsNumber() @Min(0) weightDecay!: number;
  /** Bound on the gradient's norm; 0 leaves it out. */
  @IsNumber() @Min(0) gradientClip!: number;
  /** Sequences of one optimizer step. */
  @IsInt() @Min(1) miniBatch!: number;
  @IsInt() @Min(1) @Max(100) epochs!: number;
  /** Tokens of one forward pass. */
  @IsInt() @Min(1) microBatchTokens!: number;
  @IsNumber() @Min(0) @Max(1) clipLow!: number;
  @IsNumber() @Min(0) clipHigh!: number;
  @IsIn(AGGREGATIONS) aggregation!: Aggregation;
  @IsNumber() @Min(0) entropyCoefficient!: number;
  /** Bound on the importance weight between trainer and rollout server; 0 leaves it out. */
  @IsNumber() @Min(0) importanceCap!: number;
}

export class CheckpointSpec {
  /** Steps between checkpoints. */
  @IsInt() @Min(1) every!: number;
  /** Checkpoints kept; older ones are deleted. */
  @IsInt() @Min(1) keep!: number;
}

export class EvaluationSpec {
  /** Held-out tasks: a JSONL file; `shipped` is the one beside the shipped policy. */
  @IsString() tasks!: string;
  /** Tasks of each type that are used, from the start of the file; 0 leaves evaluation out. */
  @IsInt() @Min(0) perType!: number;
  /** Samples of each task. */
  @IsInt() @Min(1) @Max(1_024) samples!: number;
}

export class ExecutorSpec {
  /** Wall clock of one run of a program. */
  @IsInt() @Min(1) @Max(60_000) timeoutMs!: number;
  @IsInt() @Min(32) @Max(4_096) memoryMib!: number;
  /** Characters of an input's canonical text; longer ones make a task invalid. */
  @IsInt() @Min(1) @Max(1_048_576) inputLength!: number;
  /** Longer outputs make a task invalid. */
  @IsInt() @Min(1) @Max(1_048_576) outputBytes!: number;
  /** Weakest jail that programs are run in: 1, 2, or 3 by explicit choice. */
  @IsInt() @Min(1) @Max(3) minimumTier!: number;
}

/** All that a run is, but its budget: a run is the same run only while this is the same. */
export class RunSpec {
  /** Every random choice of the run follows from it. */
  @IsInt() @Min(0) @Max(2 ** 31 - 1) seed!: number;
  @Section(PolicySpec) policy!: PolicySpec;
  @Section(TasksSpec) tasks!: TasksSpec;
  @Section(PromptSpec) prompt!: PromptSpec;
  @Section(ProposerSpec) proposer!: ProposerSpec;
  @Section(SolverSpec) solver!: SolverSpec;
  @Section(RolloutSpec) rollout!: RolloutSpec;
  @Section(CurriculumSpec) curriculum!: CurriculumSpec;
  @Section(AdvantageSpec) advantage!: AdvantageSpec;
  @Section(UpdateSpec) update!: UpdateSpec;
  @Section(CheckpointSpec) checkpoint!: CheckpointSpec;
  @Section(EvaluationSpec) evaluation!: EvaluationSpec;
  @Section(ExecutorSpec) executor!: ExecutorSpec;
}
