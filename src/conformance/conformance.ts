import type { EmbeddedExecutorOptions } from '../embedded/executor';
import type { JsonObject } from '../task-files/json-lines';
import { readCaseFile, type Case } from './case-file';
import type { Round } from './lanes';
import { unplayed } from './play';
import { playSandbox } from './play-sandbox';
import { playVerifier } from './play-verifier';
import { reportOf, type Report } from './report';
import { playPatiently, playTwice } from './rounds';
import { readSandboxCase } from './sandbox-case';
import { readVerifierCase } from './verifier-case';

export const SUITES = ['verifier', 'sandbox'] as const;
export type Suite = (typeof SUITES)[number];

/** Of the jail, what runs accept without being asked to. */
const WEAKEST_TIER = 2;

/**
 * Holds the verifier, or the executor, against the cases of some files. Every line counts: one that holds no case, or a
 * case that could not be played to its end, has failed.
 * @param tier of the jail, neither weaker nor stronger; the strongest there is, 2 at least, unless told
 * @throws AzrError where a file cannot be read or no executor can be started
 */
export function runConformance(suite: Suite, files: readonly string[], tier?: number): Promise<Report> {
  const options: EmbeddedExecutorOptions = { minimumTier: tier ?? WEAKEST_TIER, strongestTier: tier };
  if (suite === 'sandbox') return run(files, readSandboxCase, (cases) => playPatiently(cases, options, playSandbox));
  return run(files, readVerifierCase, (cases) => playTwice(cases, options, playVerifier));
}

async function run<C extends Case>(
  files: readonly string[],
  read: (row: JsonObject, id: string) => C,
  play: (cases: readonly C[]) => Promise<Round<C>>,
): Promise<Report> {
  const lines = files.flatMap((file) => {
    const named = (id: string): string => (files.length === 1 ? id : `${file}: ${id}`);
    return readCaseFile(file, read).map((line) => ({ name: named('case' in line ? line.case.id : line.id), line }));
  });
  const { plays, tier } = await play(lines.flatMap(({ line }) => ('case' in line ? [line.case] : [])));
  const results = lines.map(({ name, line }) => ({
    id: name,
    play: 'case' in line ? plays.get(line.case)! : unplayed(line.reason),
  }));
  return reportOf(results, tier);
}
