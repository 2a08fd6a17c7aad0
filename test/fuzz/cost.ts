import { PyValue, ValueSyntaxError, canonicalText, equalValues, parseValue } from '../../src/domain/value';
import { MAX_LENGTH } from '../../src/domain/value/limits';

/** About twice what the dearest of the hostile texts is measured to cost, see `test/bench/values`. */
const MOST_COST = 10;
/** What takes less is not measured again. */
const SUSPICIOUS_MS = 20;

const BASELINE = `[${'1,'.repeat(MAX_LENGTH / 2 - 2)}1]`;
const ROUNDS = 5;

/** Why a text is too slow, whatever its length: to read or to refuse, or its value to write or to compare. */
export function slowness(text: string): string | undefined {
  const value = attempt(text);
  const other = attempt(text);
  const works = { 'to read it': () => attempt(text) };
  if (value === undefined || other === undefined) return dear(works);
  return dear({
    ...works,
    'to write its canonical text': () => canonicalText(value),
    'to compare it strictly': () => equalValues(value, other, 'strict'),
    'to compare it as Python does': () => equalValues(value, other, 'python'),
  });
}

function attempt(text: string): PyValue | undefined {
  try {
    return parseValue(text);
  } catch (error) {
    if (error instanceof ValueSyntaxError) return undefined;
    throw error;
  }
}

function dear(works: Record<string, () => unknown>): string | undefined {
  for (const [what, work] of Object.entries(works)) {
    const cost = wallMs(work) < SUSPICIOUS_MS ? 0 : costOf(work);
    if (cost > MOST_COST) return `${what} costs ${cost.toFixed(1)} times JSON.parse of 1 MiB`;
  }
  return undefined;
}

/**
 * How many times as much CPU time something takes as `JSON.parse` of a text as long as the longest that we read; the
 * least of several rounds, in which the two take turns, so that it does not depend on what else the machine does.
 */
function costOf(work: () => unknown): number {
  const ratios = Array.from({ length: ROUNDS }, () => cpuMs(work) / cpuMs(() => JSON.parse(BASELINE)));
  return Math.min(...ratios);
}

function wallMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function cpuMs(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
