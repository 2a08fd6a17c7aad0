import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../selfplay/run-event';
import { evaluated, scriptedSource, stepAt } from '../../test/support/reported-run';
import { GrowingMetricsFile, withMetricsFile } from './metrics-file';
import { runMetrics } from './run-metrics';

describe('the file of metrics', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'azr-metrics-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const steps = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { step: number }).step);

  async function writeAll(file: string, events: readonly RunEvent[], work = drain): Promise<void> {
    await withMetricsFile(file, runMetrics(scriptedSource(events), 'r1'), work);
  }

  async function drain(made: AsyncIterable<unknown>): Promise<void> {
    for await (const _ of made);
  }

  it('appears once all of it is written, and not at all where that fails', async () => {
    const file = join(folder, 'failed.jsonl');
    const fails = async (): Promise<void> => Promise.reject(new Error('no page'));
    await expect(writeAll(file, [stepAt(1)], fails)).rejects.toThrow('no page');
    expect(readdirSync(folder)).toEqual([]);
    await writeAll(file, [stepAt(1), stepAt(2)]);
    expect(steps(file)).toEqual([1, 2]);
    rmSync(file);
  });

  it('grows by each step that is complete, to what is written at the end', async () => {
    const [grown, whole] = [join(folder, 'grown.jsonl'), join(folder, 'whole.jsonl')];
    const events: RunEvent[] = [evaluated(0, 20)];
    const growing = new GrowingMetricsFile(grown, scriptedSource(events), 'r1');
    await growing.begin();
    await growing.grow();
    expect(steps(grown)).toEqual([]);
    events.push(stepAt(1));
    await growing.grow();
    expect(steps(grown)).toEqual([0]);
    // The evaluation of a step comes after it.
    events.push(evaluated(1, 30), stepAt(2), stepAt(3), evaluated(3, 40));
    await growing.grow();
    await growing.grow();
    expect(steps(grown)).toEqual([0, 1, 2]);
    await growing.grow(true);
    await writeAll(whole, events);
    expect(readFileSync(grown, 'utf8')).toBe(readFileSync(whole, 'utf8'));
  });
});
