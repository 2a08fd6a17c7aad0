import type { Alarm } from '../domain/health/collapse';
import { groupBy } from '../domain/group-by';
import type { StoredEvent } from '../selfplay/run-event';
import type { ReportSource } from './ports';
import { heldOutMetrics, stepMetrics, type Metrics } from './step-metrics';

/** Steps, with the events around them, that are held at a time. */
const PAGE = 100;

/** All that was measured at one step. At step 0, and where evaluations alone were made, that is little. */
export interface StepMetrics {
  step: number;
  /** Of the first event that tells of it. */
  sequence: number;
  /** When the step was committed, or the evaluation made; milliseconds since 1970, UTC. */
  at: number;
  metrics: Metrics;
  alarms: Alarm[];
}

/** What is read for them. */
export type StepSource = Pick<ReportSource, 'eventsAfter' | 'episodeTallies' | 'admittedPrograms'>;

/**
 * The metrics of a run, step by step in order, a page of them in memory at a time. An evaluation belongs to the step
 * that made the version that it measured; of a run that goes on, the last step may still get one.
 * @param after sequence number of the event to begin behind
 */
export async function* runMetrics(
  source: StepSource,
  runId: string,
  after = 0,
): AsyncGenerator<StepMetrics, void, undefined> {
  let line: StepMetrics | undefined;
  for await (const made of measurements(source, runId, after)) {
    if (line?.step === made.step) line = merged(line, made);
    else {
      if (line) yield line;
      line = made;
    }
  }
  if (line) yield line;
}

const merged = (line: StepMetrics, { metrics, alarms }: StepMetrics): StepMetrics => ({
  ...line,
  metrics: { ...line.metrics, ...metrics },
  alarms: [...line.alarms, ...alarms],
});

async function* measurements(
  source: StepSource,
  runId: string,
  after: number,
): AsyncGenerator<StepMetrics, void, undefined> {
  for (let sequence = after, page: StoredEvent[]; ; sequence = page.at(-1)!.sequence) {
    page = await source.eventsAfter(runId, sequence, PAGE);
    if (page.length === 0) return;
    yield* await pageMetrics(source, runId, page);
  }
}

async function pageMetrics(source: StepSource, runId: string, page: readonly StoredEvent[]): Promise<StepMetrics[]> {
  const { tallies, programs } = await around(source, runId, page);
  return page.flatMap(({ at, sequence, event }): StepMetrics[] => {
    const made = { at, sequence, alarms: [] };
    switch (event.kind) {
      case 'step': {
        const { step } = event;
        return [{ ...made, step, metrics: stepMetrics(event, tallies.get(step) ?? [], programs.get(step) ?? []) }];
      }
      case 'evaluation':
        return [{ ...made, step: event.step, metrics: heldOutMetrics(event.result) }];
      case 'alarm':
        return [{ ...made, step: event.step, metrics: {}, alarms: [{ name: event.alarm, message: event.message }] }];
      default:
        return [];
    }
  });
}

/** What is stored beside the steps of a page, by step. */
async function around(source: StepSource, runId: string, page: readonly StoredEvent[]) {
  const steps = page.flatMap(({ event }) => (event.kind === 'step' ? [event.step] : []));
  const range = { first: steps[0]!, last: steps.at(-1)! };
  const [tallies, programs] =
    steps.length === 0
      ? [[], []]
      : await Promise.all([source.episodeTallies(runId, range), source.admittedPrograms(runId, range)]);
  return { tallies: groupBy(tallies, ({ step }) => step), programs: groupBy(programs, ({ step }) => step) };
}
