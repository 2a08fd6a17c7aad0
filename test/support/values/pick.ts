import { Random } from '../../../src/domain/random/random';

export const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.below(choices.length)]!;

/** True once in so many times. */
export const onceIn = (times: number, random: Random): boolean => random.below(times) === 0;
