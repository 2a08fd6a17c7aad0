export interface Interval {
  low: number;
  high: number;
}

export interface SolveRate {
  solved: number;
  samples: number;
  /** solved / samples, 0 … 1; 0 where there are no samples. */
  rate: number;
}

export const solveRate = (solved: number, samples: number): SolveRate => ({
  solved,
  samples,
  rate: samples === 0 ? 0 : solved / samples,
});

/** 95% Wilson score interval of a proportion (Wilson 1927); [0, 1] where there are no samples. */
export function wilsonInterval({ solved, samples }: SolveRate): Interval {
  if (samples === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const p = solved / samples;
  const centre = p + z ** 2 / (2 * samples);
  const spread = z * Math.sqrt((p * (1 - p)) / samples + z ** 2 / (4 * samples ** 2));
  const scale = 1 + z ** 2 / samples;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
