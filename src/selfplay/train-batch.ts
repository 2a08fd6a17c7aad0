import type { RunSpec, UpdateSpec } from '../config/run-spec';
import { orderBatch } from '../domain/batch/batch-order';
import { packSequences } from '../domain/batch/packed-sequences';
import type { LossSettings, OptimizerSettings, TrainBatch } from '../domain/batch/train-batch';
import type { StepPlan } from '../domain/curriculum/step-plan';
import { Random } from '../domain/random/random';
import type { Episode } from './episode';

/**
 * The batch of a step: every trained episode once, laid out over mini-batches as `update.order` says. The id follows
 * from run and step: the same step has the same batch.
 */
export function trainBatchOf(runId: string, plan: StepPlan, episodes: readonly Episode[], spec: RunSpec): TrainBatch {
  const { order } = spec.update;
  const ordered = orderBatch(batched(episodes), order, new Random(spec.seed, plan.step, 'batch-order'));
  const sequences = ordered.map((episode) => ({
    promptTokenIds: episode.promptTokenIds,
    responseTokenIds: episode.completion.tokenIds,
    rolloutLogprobs: episode.completion.logprobs,
    advantage: episode.advantage,
    lossWeight: episode.trained ? spec[episode.role].lossWeight : 0,
    temperature: spec.rollout.temperature,
    policyVersion: episode.completion.policyVersion,
  }));
  return {
    id: `${runId}/${plan.step}`,
    policyVersion: plan.policyVersion,
    sequences: packSequences(sequences),
    loss: lossSettings(spec.update),
    optimizer: optimizerSettings(spec.update),
  };
}

const lossSettings = (update: UpdateSpec): LossSettings => ({
  ...{ clipLow: update.clipLow, clipHigh: update.clipHigh },
  ...{ aggregation: update.aggregation, constantLength: update.constantLength },
  entropyCoefficient: update.entropyCoefficient,
  ...{ klCoefficient: update.klCoefficient, klTarget: update.klTarget, klEstimator: update.klEstimator },
  importanceCap: update.importanceCap,
  ...{ maskThreshold: update.maskThreshold, maskUnit: update.maskUnit },
});

const optimizerSettings = (update: UpdateSpec): OptimizerSettings => ({
  ...{ learningRate: update.learningRate, beta1: update.beta1, beta2: update.beta2 },
  ...{ weightDecay: update.weightDecay, gradientClip: update.gradientClip },
  ...{ miniBatch: update.miniBatch, epochs: update.epochs, microBatchTokens: update.microBatchTokens },
});

/** A step that has nothing to train on sends its proposals without weight: every step makes a version. */
function batched(episodes: readonly Episode[]): readonly Episode[] {
  const trained = episodes.filter((episode) => episode.trained);
  return trained.length > 0 ? trained : episodes.filter(({ purpose }) => purpose === 'propose');
}
