import type { SolveRate } from './solve-rate';

/** How a task's solve rate is estimated; see `EstimationSpec`. */
export interface EstimationSettings {
  samples: number;
  round: number;
  settled: number;
  priorSolved: number;
  priorFailed: number;
}

/** Samples that are to be taken next; 0 once the rate is settled or all samples are taken. */
export function nextSamples(taken: Pick<SolveRate, 'solved' | 'samples'>, settings: EstimationSettings): number {
  const left = settings.samples - taken.samples;
  if (left <= 0 || settings.round === 0) return taken.samples === 0 ? settings.samples : 0;
  if (taken.samples > 0 && isSettled(taken, settings)) return 0;
  return Math.min(settings.round, left);
}

/** Whether the posterior's standard deviation is small enough. An empty prior counts as the uniform one here. */
function isSettled(
  { solved, samples }: Pick<SolveRate, 'solved' | 'samples'>,
  { settled, priorSolved, priorFailed }: EstimationSettings,
): boolean {
  const isEmpty = priorSolved + priorFailed === 0;
  const a = solved + (isEmpty ? 1 : priorSolved);
  const b = samples - solved + (isEmpty ? 1 : priorFailed);
  return settled > 0 && Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1))) <= settled;
}

/**
 * r̄ of AZR Eq. 4, 0 … 1: the mean of a task's samples, or the mean of its Beta posterior under the prior, which takes
 * the edge off one lucky sample. 0 where there is neither sample nor prior.
 */
export function estimatedRate(
  { solved, samples }: Pick<SolveRate, 'solved' | 'samples'>,
  { priorSolved, priorFailed }: EstimationSettings,
): number {
  const total = samples + priorSolved + priorFailed;
  return total === 0 ? 0 : (solved + priorSolved) / total;
}
