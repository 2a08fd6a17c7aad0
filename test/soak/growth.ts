import { processTree } from '../support/process-tree';

/** What an executor holds at rest: the supervisor and its fork servers together. */
export interface Holdings {
  processes: number;
  /** Open file descriptors, of those processes that show theirs. */
  descriptors: number;
  residentMiB: number;
}

export function holdingsOf(supervisor: number): Holdings {
  const tree = processTree(supervisor);
  return {
    processes: tree.length,
    descriptors: tree.reduce((sum, { descriptors = 0 }) => sum + descriptors, 0),
    residentMiB: tree.reduce((sum, { residentMiB }) => sum + residentMiB, 0),
  };
}

/** By how much the median of the last quarter of the samples is above that of the first. */
export function growthOf(samples: readonly Holdings[]): Holdings {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [first, last] = [samples.slice(0, quarter), samples.slice(-quarter)];
  const grown = (key: keyof Holdings): number => medianOf(last, key) - medianOf(first, key);
  return { processes: grown('processes'), descriptors: grown('descriptors'), residentMiB: grown('residentMiB') };
}

function medianOf(samples: readonly Holdings[], key: keyof Holdings): number {
  const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
