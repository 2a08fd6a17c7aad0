import { printable } from '../telemetry/words';
import type { Fault, Play } from './play';

/** What came of one line of a case file. */
export interface Result {
  id: string;
  play: Play;
}

export interface Report {
  /** Cases, those that could not be run included. */
  total: number;
  passed: number;
  failed: ({ id: string } & Fault)[];
  /** Of the jail that programs ran in. */
  tier: number;
}

export function reportOf(results: readonly Result[], tier: number): Report {
  const failed = results.flatMap(({ id, play }) => {
    const faults = [...play.faults, ...play.doubts];
    if (faults.length === 0) return [];
    return [{ id, expected: faults.map((it) => it.expected).join('; '), got: faults.map((it) => it.got).join('; ') }];
  });
  return { total: results.length, passed: results.length - failed.length, failed, tier };
}

/** For a person. */
export const reportText = ({ total, passed, failed, tier }: Report): string =>
  [
    ...failed.map(({ id, expected, got }) => printable(`FAILED ${id}\n  expected ${expected}\n  got      ${got}`)),
    `${passed} of ${total} cases passed at tier ${tier}`,
  ].join('\n');
