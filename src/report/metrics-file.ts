import { appendFile, writeFile } from 'node:fs/promises';
import { WholeFile } from '../task-files/whole-file';
import { runMetrics, type StepMetrics, type StepSource } from './run-metrics';

/** A step as JSON: `{"step": 3, "time": "2026-…Z", "solveRate/deduction": 0.4, …}`. */
const rowOf = ({ step, at, metrics }: StepMetrics): object => ({ step, time: new Date(at).toISOString(), ...metrics });

/**
 * Writes each step as one line of JSON while `work` reads the steps. The file appears whole once `work` is done, in the
 * place of one that is there.
 * @throws AzrError when it cannot be written
 */
export async function withMetricsFile<T>(
  file: string,
  steps: AsyncIterable<StepMetrics>,
  work: (steps: AsyncIterable<StepMetrics>) => Promise<T>,
): Promise<T> {
  const whole = new WholeFile(file);
  try {
    const done = await work(written(whole, steps));
    whole.finish();
    return done;
  } finally {
    whole.close();
  }
}

async function* written(whole: WholeFile, steps: AsyncIterable<StepMetrics>): AsyncGenerator<StepMetrics> {
  for await (const made of steps) {
    whole.write(rowOf(made));
    yield made;
  }
}

/** The same file of a run that goes on: it grows by each step once the next one tells that it is complete. */
export class GrowingMetricsFile {
  /** Events that are in the file, all of them. */
  private after = 0;

  constructor(
    private readonly file: string,
    private readonly source: StepSource,
    private readonly runId: string,
  ) {}

  /** Begins it anew. */
  begin(): Promise<void> {
    return writeFile(this.file, '', { mode: 0o600 });
  }

  /** Writes what is complete. @param ended whether the last step is complete as well */
  async grow(ended = false): Promise<void> {
    let last: StepMetrics | undefined;
    for await (const made of runMetrics(this.source, this.runId, this.after)) {
      if (last) await this.append(last);
      last = made;
      this.after = made.sequence - 1;
    }
    if (last && ended) await this.append(last);
  }

  private append(step: StepMetrics): Promise<void> {
    return appendFile(this.file, `${JSON.stringify(rowOf(step))}\n`);
  }
}
