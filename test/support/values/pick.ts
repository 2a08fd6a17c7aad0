import { Random } from '../../../src/domain/random/random';

export const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.below(choices.length)]!;

/** True once in so many times. */
export const onceIn = (times: number, random: Random): boolean => random.below(times) === 0;

/** So many texts at most, with commas between them. */
export const several = (random: Random, most: number, make: () => string): string =>
  Array.from({ length: random.below(most + 1) }, make).join(pick(random, [',', ', ', ',\n']));
