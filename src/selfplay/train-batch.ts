import type { RunSpec } from '../config/run-spec';
import { packSequences } from '../domain/batch/packed-sequences';
import type { TrainBatch } from '../domain/batch/train-batch';
import type { StepPlan } from '../domain/curriculum/step-plan';
import { Random } from '../domain/random/random';
import type { Episode } from './episode';

/**
 * The batch of a step: every episode once, in an order drawn from the run's seed, so that mini-batches mix
 * roles and types. The id follows from run and step: the same step has the same batch.
 */
export function trainBatchOf(runId: string, plan: StepPlan, episodes: readonly Episode[], spec: RunSpec): TrainBatch {
  const { clipLow, clipHigh, aggregation, entropyCoefficient, importanceCap, ...optimizer } = spec.update;
  const sequences = new Random(spec.seed, plan.step, 'batch-order').shuffle(episodes).map((episode) => ({
    promptTokenIds: episode.promptTokenIds,
    responseTokenIds: episode.completion.tokenIds,
    rolloutLogprobs: episode.completion.logprobs,
    advantage: episode.advantage,
    lossWeight: spec[episode.role].lossWeight,
    temperature: spec.rollout.temperature,
    policyVersion: episode.completion.policyVersion,
  }));
  return {
    id: `${runId}/${plan.step}`,
    policyVersion: plan.policyVersion,
    sequences: packSequences(sequences),
    loss: { clipLow, clipHigh, aggregation, entropyCoefficient, importanceCap },
    optimizer,
  };
}
