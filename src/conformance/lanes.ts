import { availableParallelism } from 'node:os';
import { withExecutor } from '../control-plane/with-executor';
import { messageOf, PartUnavailable } from '../domain/errors';
import type { EmbeddedExecutorOptions } from '../embedded/executor';
import { Bench } from './bench';
import { unplayed, type Play } from './play';

/** Executors at a time, at most. */
const MOST_LANES = 8;
/** Executors that may be lost under one case. */
const ATTEMPTS = 2;
/** Cases that share an executor: too few for it to replace a fork server for its age, which would look like a death. */
const CASES_AN_EXECUTOR = 200;

/** Plays one case. @throws PartUnavailable when the executor is lost; anything else counts against the case */
export type Player<C> = (one: C, bench: Bench) => Promise<Play>;

export interface Round<C> {
  plays: Map<C, Play>;
  /** Of the jail that held. */
  tier: number;
}

interface Queued<C> {
  one: C;
  attempts: number;
}

/**
 * Plays each case once, several at a time: as many as there are cores, each in an executor that it has for itself, so
 * that what a case does, and how long it takes, is its own doing.
 * @throws AzrError where no executor can be started, or someone asks to stop
 */
export async function playRound<C>(
  cases: readonly C[],
  options: EmbeddedExecutorOptions,
  play: Player<C>,
  lanes = Math.min(availableParallelism(), MOST_LANES),
): Promise<Round<C>> {
  const queue: Queued<C>[] = cases.map((one) => ({ one, attempts: 0 }));
  const round: Round<C> = { plays: new Map(), tier: 0 };
  const count = Math.max(1, Math.min(lanes, cases.length));
  const ends = await Promise.allSettled(Array.from({ length: count }, () => playLane(queue, options, play, round)));
  const failed = ends.filter((end) => end.status === 'rejected');
  // What one lane has left the others have played, unless there are none.
  if (failed.length === count || round.plays.size < cases.length) throw failed[0]!.reason;
  return round;
}

/** One executor after another; most files need only one. */
async function playLane<C>(
  queue: Queued<C>[],
  options: EmbeddedExecutorOptions,
  play: Player<C>,
  round: Round<C>,
): Promise<void> {
  do {
    await withExecutor({ ...options, workers: 1 }, async (address) => {
      const bench = await Bench.open(address);
      try {
        round.tier = await bench.tier();
        await playUntilLost(queue, bench, play, round);
      } finally {
        bench.close();
      }
    });
  } while (queue.length > 0);
}

async function playUntilLost<C>(queue: Queued<C>[], bench: Bench, play: Player<C>, { plays }: Round<C>): Promise<void> {
  for (let count = 0; count < CASES_AN_EXECUTOR; count++) {
    const next = queue.shift();
    if (next === undefined) return;
    try {
      plays.set(next.one, await play(next.one, bench));
    } catch (error) {
      const isLost = error instanceof PartUnavailable;
      const attempts = next.attempts + 1;
      if (isLost && attempts < ATTEMPTS) queue.unshift({ ...next, attempts });
      else plays.set(next.one, unplayed(messageOf(error)));
      if (isLost) return;
    }
  }
}
