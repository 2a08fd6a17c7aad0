import type { MeasuredRounds } from './benchmark';
import type { Measured, Measurement } from './measure';
import { PARTS, type Part } from './round';

export type Key = Part | 'whole';
export const KEYS: readonly Key[] = ['deduction', 'abduction', 'induction', 'validate', 'whole'];
export type ByKey<T> = Record<Key, T>;

export const byKey = <T>(make: (key: Key) => T): ByKey<T> =>
  Object.fromEntries(KEYS.map((key) => [key, make(key)])) as ByKey<T>;

/** How much faster ours was than another side: the median of the rounds, and the least and the most. */
export interface Ratio {
  median: number;
  least: number;
  most: number;
}

export const ratiosTo = ({ rounds }: MeasuredRounds, name: string): ByKey<Ratio> =>
  byKey((key) => {
    const ratios = rounds.map((round) => secondsOf(round, name, key) / secondsOf(round, 'ours', key));
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  });

/** Verdicts a second in the median round. */
export const perSecond = ({ rounds, verdicts }: MeasuredRounds, name: string): ByKey<number> =>
  byKey((key) => verdicts[key] / median(rounds.map((round) => secondsOf(round, name, key))));

/** CPU milliseconds of all rounds by kind of process, for each verdict. */
export function cpuPerVerdict({ rounds, verdicts }: MeasuredRounds, name: string): Record<string, number> {
  const all = partsOf(rounds, name);
  const judged = verdicts.whole * rounds.length;
  return Object.fromEntries(
    Object.keys(all[0]!.cpuMs).map((kind) => [kind, sumOf(all, ({ cpuMs }) => cpuMs[kind]!) / judged]),
  );
}

export const wrongOf = (rounds: readonly Measurement[], name: string): number =>
  sumOf(partsOf(rounds, name), ({ wrong }) => wrong);

const partsOf = (rounds: readonly Measurement[], name: string): Measured[] =>
  rounds.flatMap((round) => PARTS.map((part) => round[name]![part]));

const secondsOf = (round: Measurement, name: string, key: Key): number =>
  key === 'whole' ? sumOf(partsOf([round], name), ({ seconds }) => seconds) : round[name]![key].seconds;

const sumOf = (all: readonly Measured[], of: (one: Measured) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
