import { Random } from '../../src/domain/random/random';
import { equalValues } from '../../src/domain/value';
import type { Disagreement, OraclePair } from '../support/values/oracle';
import { pick } from '../support/values/pick';
import { slowness } from './cost';
import { accepted, isSame, readSource, valueOf, type Read } from './read-source';
import { stretched } from './stretched';
import { textsOf } from './texts';

/** What we say of the texts of a batch. */
export interface Batch {
  readonly reads: readonly Read[];
  readonly pairs: readonly OraclePair[];
  /** What is wrong by our own account. */
  readonly problems: readonly Disagreement[];
}

export function batchOf(seed: number, number: number): Batch {
  const problems: Disagreement[] = [];
  const reads = textsOf(seed, number).map((source) => readSource(source, problems));
  const random = new Random(seed, 'stretched', number);
  const texts = reads.map(({ source }) => source.text);
  const long = stretched(pick(random, texts), random);
  for (const text of [...texts, long]) {
    const what = slowness(text);
    if (what !== undefined) problems.push({ text, what });
  }
  return { reads, pairs: pairsOf(reads), problems };
}

/** Each value with one that may be equal to it, and with the one before it. */
function pairsOf(reads: readonly Read[]): OraclePair[] {
  return reads.flatMap(({ source }, index) =>
    [source.near, index - 1].flatMap((other) => (other === undefined ? [] : pairOf(reads, other, index))),
  );
}

function pairOf(reads: readonly Read[], first: number, second: number): OraclePair[] {
  const [a, b] = [reads[first], reads[second]];
  if (a?.args === undefined || b?.args === undefined || first === second) return [];
  if (a.source.kind !== 'value' || b.source.kind !== 'value') return [];
  const [one, other] = [valueOf(a.args), valueOf(b.args)];
  return [[first, second, equalValues(one, other, 'strict'), equalValues(one, other, 'python')]];
}

/** What the executor writes of our values has to be read as the same values. */
export function misread({ reads }: Batch, literals: readonly (string | null)[]): Disagreement[] {
  const problems: Disagreement[] = [];
  reads.forEach(({ args, entry }, index) => {
    const literal = literals[index];
    if (args === undefined || literal == null) return;
    const again = accepted('value', literal, problems);
    if (again !== undefined && isSame(again, args)) return;
    problems.push({ text: literal, what: `the executor's literal of ${entry.ours} is not read as that` });
  });
  return problems;
}
