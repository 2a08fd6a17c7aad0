import { AzrError } from '../domain/errors';
import type { StoredEvent } from '../selfplay/run-event';
import type { Bell } from './bell';
import type { RunCatalog, RunRecord } from './ports';
import { isResting } from './run-record';

/** The run as it stands, once; then its events. */
export type WatchItem = { kind: 'snapshot'; run: RunRecord } | { kind: 'event'; event: StoredEvent };

/** Events that are read at a time: what one watcher holds in memory. */
const PAGE = 64;
/** Another process may have stored what no bell of ours rang for. */
const POLL_MS = 1_000;

export interface Watching {
  catalog: RunCatalog;
  bell: Bell;
  /** False while a run that rests may be taken up again at once. */
  mayEnd(): boolean;
}

/**
 * Ends when the run rests and all its events were given, and when the signal aborts. Nothing is read before it is
 * asked for.
 * @param after sequence of the last event that was seen, 0 for none
 * @throws AzrError `not_found`; `invalid` when the run has not come as far as `after`; the signal's reason
 */
export async function* watchRun(
  { catalog, bell, mayEnd }: Watching,
  runId: string,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<WatchItem, void, undefined> {
  const run = await catalog.get(runId);
  if (after > run.lastSequence) {
    throw new AzrError('invalid', `after_sequence: ${after} is beyond ${run.lastSequence}, the newest of run ${runId}`);
  }
  yield { kind: 'snapshot', run };
  for (let seen = after; ;) {
    signal?.throwIfAborted();
    const { count } = bell;
    // The state is read before the events: what the run did until it came to rest is among them.
    const { state, lastSequence } = await catalog.get(runId);
    const events = await catalog.eventsAfter(runId, seen, PAGE);
    for (const event of events) {
      signal?.throwIfAborted();
      yield { kind: 'event', event };
      seen = event.sequence;
    }
    if (isResting(state) && seen >= lastSequence && mayEnd()) return;
    if (events.length < PAGE) await bell.wait(count, POLL_MS, signal);
  }
}
