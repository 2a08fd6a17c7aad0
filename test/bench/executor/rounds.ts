import { measure, type Measurement } from './measure';
import type { OurSide } from './our-side';
import { roundOf, type PreparedProgram } from './round';
import type { Side } from './side';

/** Ours first. */
export type Sides = readonly [OurSide, ...Side[]];

/** Seconds for all but the end; what is left of a minute is for stopping. */
const WHOLE_SECONDS = 54;
/** Kept for the round with loops: each system waits for each of them. */
const LOOPS_SECONDS = 16;
const ROUNDS_END = WHOLE_SECONDS - LOOPS_SECONDS;
/** Rounds that there should be time for; where there is not, they have fewer programs. */
const ENOUGH_ROUNDS = 4;
const FEWEST_PROGRAMS = 8;

/**
 * Lets everything run once.
 * @param spent seconds since the benchmark began
 * @returns the programs of the rounds, as many as there is time for
 */
export async function warmUp(
  sides: Sides,
  programs: readonly PreparedProgram[],
  seed: number,
  spent: () => number,
): Promise<PreparedProgram[]> {
  const first = spread(programs, FEWEST_PROGRAMS);
  const started = spent();
  await measure(sides, roundOf(first, seed, 0));
  const secondsAProgram = (spent() - started) / first.length;
  const fitting = Math.floor((ROUNDS_END - spent()) / ENOUGH_ROUNDS / secondsAProgram);
  return spread(programs, Math.max(FEWEST_PROGRAMS, fitting));
}

/** @param most rounds at most; fewer are made where one more would take too long */
export async function measureRounds(
  sides: Sides,
  programs: readonly PreparedProgram[],
  { seed, most }: { seed: number; most: number },
  spent: () => number,
): Promise<Measurement[]> {
  const rounds: Measurement[] = [];
  const started = spent();
  let isTime = true;
  while (rounds.length < most && isTime) {
    const number = rounds.length + 1;
    const inTurn = sides.map((_, i) => sides[(i + number) % sides.length]!);
    rounds.push(await measure(inTurn, roundOf(programs, seed, number)));
    isTime = spent() + (spent() - started) / rounds.length < ROUNDS_END;
  }
  return rounds;
}

/** Some of the items, evenly; all of them where there are no more than `count`. */
export function spread<T>(items: readonly T[], count: number): T[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, i) => items[Math.floor((i * items.length) / taken)]!);
}
