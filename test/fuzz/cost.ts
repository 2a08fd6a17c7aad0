import { ValueSyntaxError, parseValue } from '../../src/domain/value';
import { MAX_LENGTH } from '../../src/domain/value/limits';

/** Several times what any hostile text is measured to cost, see `test/bench/values`. */
const MOST_COST = 10;
/** What takes less is not measured again. */
const SUSPICIOUS_MS = 20;

const BASELINE = `[${'1,'.repeat(MAX_LENGTH / 2 - 2)}1]`;
const ROUNDS = 5;

/** Why a text is too slow to read or to refuse, whatever its length; undefined where it is not. */
export function slowness(text: string): string | undefined {
  const read = (): void => attempt(text);
  const start = performance.now();
  read();
  if (performance.now() - start < SUSPICIOUS_MS) return undefined;
  const cost = costOf(read);
  return cost > MOST_COST ? `it costs ${cost.toFixed(1)} times JSON.parse of 1 MiB` : undefined;
}

function attempt(text: string): void {
  try {
    parseValue(text);
  } catch (error) {
    if (!(error instanceof ValueSyntaxError)) throw error;
  }
}

/**
 * How many times as much CPU time something takes as `JSON.parse` of a text as long as the longest that we read; the
 * least of several rounds, in which the two take turns, so that it does not depend on what else the machine does.
 */
function costOf(work: () => void): number {
  const ratios = Array.from({ length: ROUNDS }, () => cpuMs(work) / cpuMs(() => JSON.parse(BASELINE)));
  return Math.min(...ratios);
}

function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
