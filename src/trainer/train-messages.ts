import { bytesOf, type PackedSequences } from '../domain/batch/packed-sequences';
import type {
  Aggregation,
  KlEstimator,
  KlTarget,
  LossSettings,
  MaskUnit,
  TrainBatch,
} from '../domain/batch/train-batch';
import {
  KlEstimator as WireKlEstimator,
  KlTarget as WireKlTarget,
  LossAggregation,
  MaskUnit as WireMaskUnit,
  type LossConfig,
  type OperationContext,
  type SequenceChunk,
  type TrainHeader,
} from '../generated/azr/v1/trainer';

/** The header that announces a batch. */
export const toHeader = (context: OperationContext, batch: TrainBatch): TrainHeader => ({
  context,
  sequenceCount: batch.sequences.promptLengths.length,
  loss: toLoss(batch.loss),
  optimizer: batch.optimizer,
});

/** Some sequences of a batch; their numbers stay packed. */
export const toChunk = (packed: PackedSequences): SequenceChunk => ({
  promptLengths: [...packed.promptLengths],
  responseLengths: [...packed.responseLengths],
  tokenIds: bytesOf(packed.tokenIds),
  rolloutLogprobs: bytesOf(packed.rolloutLogprobs),
  advantages: [...packed.advantages],
  lossWeights: [...packed.lossWeights],
  temperatures: [...packed.temperatures],
  policyVersions: [...packed.policyVersions],
});

const toLoss = (loss: LossSettings): LossConfig => ({
  ...loss,
  aggregation: AGGREGATION[loss.aggregation],
  klTarget: KL_TARGET[loss.klTarget],
  klEstimator: KL_ESTIMATOR[loss.klEstimator],
  maskUnit: MASK_UNIT[loss.maskUnit],
});

const AGGREGATION: Record<Aggregation, LossAggregation> = {
  'token-mean': LossAggregation.LOSS_AGGREGATION_TOKEN_MEAN,
  'sequence-mean': LossAggregation.LOSS_AGGREGATION_SEQUENCE_MEAN,
  'constant-length': LossAggregation.LOSS_AGGREGATION_CONSTANT_LENGTH,
};

const KL_TARGET: Record<KlTarget, WireKlTarget> = {
  proximal: WireKlTarget.KL_TARGET_PROXIMAL,
  reference: WireKlTarget.KL_TARGET_REFERENCE,
};

const KL_ESTIMATOR: Record<KlEstimator, WireKlEstimator> = {
  k1: WireKlEstimator.KL_ESTIMATOR_K1,
  k2: WireKlEstimator.KL_ESTIMATOR_K2,
  k3: WireKlEstimator.KL_ESTIMATOR_K3,
};

const MASK_UNIT: Record<MaskUnit, WireMaskUnit> = {
  token: WireMaskUnit.MASK_UNIT_TOKEN,
  sequence: WireMaskUnit.MASK_UNIT_SEQUENCE,
};
