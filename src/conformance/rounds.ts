import type { EmbeddedExecutorOptions } from '../embedded/executor';
import { playRound, type Player, type Round } from './lanes';
import type { Play } from './play';

/** Plays each case; one that leaves nothing but doubts is played again with nothing beside it. */
export async function playPatiently<C>(
  cases: readonly C[],
  options: EmbeddedExecutorOptions,
  play: Player<C>,
): Promise<Round<C>> {
  const round = await playRound(cases, options, play);
  const doubtful = cases.filter((one) => isDoubtful(round.plays.get(one)!));
  if (doubtful.length === 0) return round;
  const { plays } = await playRound(doubtful, options, play, 1);
  return { ...round, plays: new Map([...round.plays, ...plays]) };
}

/** Plays all cases, and then, the other way round and in executors that have seen none of them, once more. */
export async function playTwice<C>(
  cases: readonly C[],
  options: EmbeddedExecutorOptions,
  play: Player<C>,
): Promise<Round<C>> {
  const { plays: first, tier } = await playPatiently(cases, options, play);
  const { plays: second } = await playPatiently([...cases].reverse(), options, play);
  return { tier, plays: new Map(cases.map((one) => [one, repeated(first.get(one)!, second.get(one)!)])) };
}

const isDoubtful = ({ faults, doubts }: Play): boolean => faults.length === 0 && doubts.length > 0;

/** A case that passed has to do so again, with the same outcomes. */
export function repeated(first: Play, second: Play): Play {
  if (first.faults.length + first.doubts.length > 0) return first;
  const [before, after] = [first, second].map(({ outcomes }) => outcomes.join(', '));
  if (before === after) return second;
  const fault = { expected: `the same again in a fresh verifier: ${before}`, got: after || 'none' };
  return { ...second, faults: [fault, ...second.faults] };
}
