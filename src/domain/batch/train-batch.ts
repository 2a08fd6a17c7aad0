import type { PackedSequences } from './packed-sequences';

export const AGGREGATIONS = ['token-mean', 'sequence-mean'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** How the trainer turns a batch into gradients. */
export interface LossSettings {
  clipLow: number;
  clipHigh: number;
  aggregation: Aggregation;
  entropyCoefficient: number;
  importanceCap: number;
}

export interface OptimizerSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  weightDecay: number;
  gradientClip: number;
  /** Sequences of one optimizer step. */
  miniBatch: number;
  epochs: number;
  /** Tokens of one forward pass. */
  microBatchTokens: number;
}

/** All that the trainer needs to make the next policy version, and all that a replay needs. */
export interface TrainBatch {
  /** Unique in the run; the trainer applies an id at most once. */
  id: string;
  /** Version that the update starts from; it makes the next one. */
  policyVersion: number;
  sequences: PackedSequences;
  loss: LossSettings;
  optimizer: OptimizerSettings;
}
