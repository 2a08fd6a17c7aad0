import { specWith } from '../../test/support/specs';
import type { StepPlan } from '../domain/curriculum/step-plan';
import { KlEstimator, KlTarget, LossAggregation, MaskUnit, TrainHeader } from '../generated/azr/v1/trainer';
import { trainBatchOf } from '../selfplay/train-batch';
import { toHeader } from './train-messages';

const CONTEXT = { runId: 'r', leaseEpoch: 1, sequence: 1, operationId: 'r/1', expectedVersion: 0 };

/** As the trainer reads it. */
const headerWith = (...sets: string[]): TrainHeader => {
  const batch = trainBatchOf('r', { step: 1, policyVersion: 0 } as StepPlan, [], specWith(...sets));
  return TrainHeader.decode(TrainHeader.encode(toHeader(CONTEXT, batch)).finish());
};

describe('the header of a batch', () => {
  it('carries the update settings of the run', () => {
    const { loss, optimizer } = headerWith(
      ...['update.clipLow=0.1', 'update.clipHigh=0.3', 'update.aggregation=constant-length'],
      ...['update.constantLength=160', 'update.entropyCoefficient=0.5', 'update.importanceCap=2'],
      ...['update.klCoefficient=0.25', 'update.klTarget=reference', 'update.klEstimator=k2'],
      ...['update.maskThreshold=4', 'update.maskUnit=sequence', 'update.epochs=2'],
    );
    expect(loss).toEqual({
      ...{ clipLow: 0.1, clipHigh: 0.3, entropyCoefficient: 0.5, importanceCap: 2 },
      ...{ aggregation: LossAggregation.LOSS_AGGREGATION_CONSTANT_LENGTH, constantLength: 160 },
      ...{ klCoefficient: 0.25, klTarget: KlTarget.KL_TARGET_REFERENCE, klEstimator: KlEstimator.KL_ESTIMATOR_K2 },
      ...{ maskThreshold: 4, maskUnit: MaskUnit.MASK_UNIT_SEQUENCE },
    });
    expect(optimizer).toEqual({
      ...{ learningRate: 0.0002, beta1: 0.9, beta2: 0.99, weightDecay: 0.01, gradientClip: 1 },
      ...{ miniBatch: 1024, epochs: 2, microBatchTokens: 4096 },
    });
  });
});
