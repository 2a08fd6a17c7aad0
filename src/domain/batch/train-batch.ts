import type { PackedSequences } from './packed-sequences';

/** How token losses become one number. `constant-length`: sums over sequences, divided by the same length always. */
export const AGGREGATIONS = ['token-mean', 'sequence-mean', 'constant-length'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** What the KL term keeps the policy near to: itself before the update, or the policy that the run started from. */
export const KL_TARGETS = ['proximal', 'reference'] as const;
export type KlTarget = (typeof KL_TARGETS)[number];

/** Estimators of the KL divergence by J. Schulman, joschu.net/blog/kl-approx.html. */
export const KL_ESTIMATORS = ['k1', 'k2', 'k3'] as const;
export type KlEstimator = (typeof KL_ESTIMATORS)[number];

/** What is masked together: a token by its own mismatch, or a sequence by the mean of its tokens'. */
export const MASK_UNITS = ['token', 'sequence'] as const;
export type MaskUnit = (typeof MASK_UNITS)[number];

/** How the trainer turns a batch into gradients. */
export interface LossSettings {
  clipLow: number;
  clipHigh: number;
  aggregation: Aggregation;
  /** Tokens; of effect with `constant-length`. */
  constantLength: number;
  entropyCoefficient: number;
  /** 0 leaves the KL term out. */
  klCoefficient: number;
  klTarget: KlTarget;
  klEstimator: KlEstimator;
  /** 0 leaves the weight out. */
  importanceCap: number;
  /** Above 1; 0 masks nothing. */
  maskThreshold: number;
  maskUnit: MaskUnit;
}

/** Whether the trainer has to hold the policy that the run started from, beside the one that it trains. */
export const refersToReference = ({
  klCoefficient,
  klTarget,
}: Pick<LossSettings, 'klCoefficient' | 'klTarget'>): boolean => klCoefficient > 0 && klTarget === 'reference';

export interface OptimizerSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  weightDecay: number;
  gradientClip: number;
  /** Sequences of one optimizer step. */
  miniBatch: number;
  epochs: number;
  /** Tokens of the sequences in one forward pass. */
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
