/** A share, 0 … 1, with its 95% interval. */
export interface Estimate {
  rate: number;
  low: number;
  high: number;
}

/** What a policy achieves on tasks of one type. */
export interface TypeFigures {
  tasks: number;
  /** One answer a task, the most likely tokens. */
  greedy: Estimate;
  /** At temperature 1. */
  sampled: Estimate;
  /** At least one of eight answers. */
  passAt8: Estimate;
  /** Share of the answers at temperature 1 that reason. */
  reasoned: number;
  /** Tokens of such an answer. */
  meanTokens: number;
}

export type Figures = Record<string, TypeFigures>;

/** On the benchmark's own tasks, and on those with longer programs. */
export interface Measured {
  heldOut: Figures;
  longer: Figures;
}

export const SAMPLES = 8;

interface Sampling extends Estimate {
  reasoned: number | null;
  meanTokens: number | null;
}

interface EvaluationJson {
  benchmarks: Record<
    string,
    { tasks: number; greedy: Sampling; sampled: Sampling & { passAt: Record<number, Estimate> } }
  >;
}

/** Of the JSON of `azr eval`. */
export function figuresOf(evaluation: unknown): Figures {
  const { benchmarks } = evaluation as EvaluationJson;
  return Object.fromEntries(
    Object.entries(benchmarks).map(([type, { tasks, greedy, sampled }]) => [
      type,
      {
        tasks,
        greedy: estimate(greedy),
        sampled: estimate(sampled),
        passAt8: estimate(sampled.passAt[SAMPLES]!),
        reasoned: sampled.reasoned ?? 0,
        meanTokens: sampled.meanTokens ?? 0,
      },
    ]),
  );
}

const estimate = ({ rate, low, high }: Estimate): Estimate => ({ rate, low, high });

export const MEASURES = ['sampled', 'greedy', 'passAt8'] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * Mean over the types, each of which weighs the same. The interval is that of a mean of independent estimates, each
 * taken for normal with the half-width that its own interval has on either side.
 */
export function meanOver(figures: Figures, measure: Measure): Estimate {
  const estimates = Object.values(figures).map((of) => of[measure]);
  const count = estimates.length;
  const rate = estimates.reduce((sum, one) => sum + one.rate, 0) / count;
  const spread = (side: (one: Estimate) => number): number =>
    Math.sqrt(estimates.reduce((sum, one) => sum + side(one) ** 2, 0)) / count;
  return { rate, low: rate - spread((one) => one.rate - one.low), high: rate + spread((one) => one.high - one.rate) };
}
