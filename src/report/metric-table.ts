import type { StepMetrics } from './run-metrics';

/** Points that a curve is drawn with at most. */
const POINTS = 400;

interface Bin {
  steps: number;
  sums: Map<string, number>;
  counts: Map<string, number>;
}

/**
 * The metrics of a run as columns over its steps. Of a long run each row is the mean of several steps, so that its size
 * does not grow with the run.
 */
export class MetricTable {
  /** Steps that a row is the mean of. */
  readonly width: number;
  private readonly bins = new Map<number, Bin>();

  /** @param lastStep of the run */
  constructor(readonly lastStep: number) {
    this.width = Math.max(1, Math.ceil(lastStep / POINTS));
  }

  /** Steps come in order. */
  add({ step, metrics }: Pick<StepMetrics, 'step' | 'metrics'>): void {
    const bin = this.bin(Math.ceil(step / this.width) * this.width);
    const { sums, counts } = bin;
    bin.steps++;
    for (const [name, value] of Object.entries(metrics)) {
      sums.set(name, (sums.get(name) ?? 0) + value);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }

  /** The last step of each row. */
  get steps(): number[] {
    return [...this.bins.keys()].map((end) => Math.min(end, this.lastStep));
  }

  /** One value a row; undefined where nothing was measured. */
  column(name: string): (number | undefined)[] {
    return [...this.bins.values()].map(({ sums, counts }) =>
      counts.has(name) ? sums.get(name)! / counts.get(name)! : undefined,
    );
  }

  /** The same of a member of a family: a step that lacks it had none of it. */
  memberColumn(family: string, member: string): number[] {
    return [...this.bins.values()].map(({ sums, steps }) => (sums.get(`${family}/${member}`) ?? 0) / steps);
  }

  /** Last parts of the names below `family`, the largest sum first: of `rejections`, the reasons. */
  members(family: string): string[] {
    const totals = new Map<string, number>();
    for (const { sums } of this.bins.values()) {
      for (const [name, value] of sums) {
        if (name.startsWith(`${family}/`)) totals.set(name, (totals.get(name) ?? 0) + value);
      }
    }
    return [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name.slice(family.length + 1));
  }

  private bin(end: number): Bin {
    const bin = this.bins.get(end) ?? { steps: 0, sums: new Map<string, number>(), counts: new Map<string, number>() };
    this.bins.set(end, bin);
    return bin;
  }
}
