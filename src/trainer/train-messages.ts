import { bytesOf, type PackedSequences } from '../domain/batch/packed-sequences';
import type { Aggregation, TrainBatch } from '../domain/batch/train-batch';
import {
  LossAggregation,
  type OperationContext,
  type SequenceChunk,
  type TrainHeader,
} from '../generated/azr/v1/trainer';

/** The header that announces a batch. */
export const toHeader = (context: OperationContext, batch: TrainBatch): TrainHeader => ({
  context,
  sequenceCount: batch.sequences.promptLengths.length,
  loss: { ...batch.loss, aggregation: AGGREGATION[batch.loss.aggregation] },
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

const AGGREGATION: Record<Aggregation, LossAggregation> = {
  'token-mean': LossAggregation.LOSS_AGGREGATION_TOKEN_MEAN,
  'sequence-mean': LossAggregation.LOSS_AGGREGATION_SEQUENCE_MEAN,
};
