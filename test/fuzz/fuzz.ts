import { Oracle, type Disagreement } from '../support/values/oracle';
import { Batch, batchOf, misread } from './batch';
import { BATCH, ORIGINS, type Origin } from './texts';

export interface FuzzOptions {
  /** Generated values, rounded up to whole batches; a fifth as many mutated texts come with them. */
  readonly cases: number;
  readonly seed: number;
  /** Oracle processes, each with one batch at a time. */
  readonly oracles: number;
  readonly onBatch?: (result: FuzzResult) => void;
}

export interface FuzzResult {
  /** Texts of generated values. */
  values: number;
  mutants: number;
  /** Texts by what they are made from, and how many of them are accepted. */
  readonly texts: Record<Origin, { made: number; accepted: number }>;
  /** Pairs that are compared in both modes, and how many are equal. */
  readonly pairs: { compared: number; strict: number; python: number };
  /** What the executor writes of accepted values. */
  literals: number;
  /** Texts of 1 MB that repeat one of the texts. */
  stretched: number;
  mismatches: number;
  /** The first of them. */
  readonly examples: Disagreement[];
  /** CPython's version. */
  python: string;
}

const MOST_EXAMPLES = 20;
const MOST_TEXT = 2000;

/** Compares what we say of generated texts with what CPython says. @throws Error where an oracle ends */
export async function fuzz({ cases, seed, oracles, onBatch }: FuzzOptions): Promise<FuzzResult> {
  const result = emptyResult();
  const batches = Math.ceil(cases / BATCH);
  let next = 0;
  const lane = async (oracle: Oracle): Promise<void> => {
    while (next < batches) {
      const number = next++;
      await compare(seed, number, oracle, result);
      onBatch?.(result);
    }
  };
  const lanes = Array.from({ length: oracles }, () => withOracle(lane).finally(() => (next = batches)));
  const ended = await Promise.allSettled(lanes);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return result;
}

async function withOracle(work: (oracle: Oracle) => Promise<void>): Promise<void> {
  const oracle = new Oracle();
  try {
    await work(oracle);
  } finally {
    await oracle.stop();
  }
}

async function compare(seed: number, number: number, oracle: Oracle, result: FuzzResult): Promise<void> {
  const batch = batchOf(seed, number);
  const answer = await oracle.ask(
    batch.reads.map(({ entry }) => entry),
    batch.pairs,
  );
  count(batch, result);
  result.python = answer.python;
  result.literals += answer.literals.filter((literal) => literal !== null).length;
  note([...batch.problems, ...answer.disagreements, ...misread(batch, answer.literals)], result);
}

function emptyResult(): FuzzResult {
  const texts = Object.fromEntries(ORIGINS.map((origin) => [origin, { made: 0, accepted: 0 }]));
  return {
    values: 0,
    mutants: 0,
    texts: texts as FuzzResult['texts'],
    pairs: { compared: 0, strict: 0, python: 0 },
    literals: 0,
    stretched: 0,
    mismatches: 0,
    examples: [],
    python: '',
  };
}

function count({ reads, pairs }: Batch, result: FuzzResult): void {
  for (const { source, args } of reads) {
    result[source.origin === 'mutant' ? 'mutants' : 'values'] += 1;
    result.texts[source.origin].made += 1;
    if (args !== undefined) result.texts[source.origin].accepted += 1;
  }
  for (const [, , strict, python] of pairs) {
    result.pairs.compared += 1;
    result.pairs.strict += Number(strict);
    result.pairs.python += Number(python);
  }
  result.stretched += 1;
}

function note(found: readonly Disagreement[], result: FuzzResult): void {
  result.mismatches += found.length;
  for (const { text, what } of found.slice(0, MOST_EXAMPLES - result.examples.length)) {
    result.examples.push({ text: text.slice(0, MOST_TEXT), what: what.slice(0, MOST_TEXT) });
  }
}
