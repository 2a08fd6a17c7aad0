import { InvalidArgumentError } from 'commander';

/** Reads an option's value: a whole number, `least` or above. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`it must be a whole number, ${least} or above`);
  };
