import { PyValue, ValueSyntaxError, canonicalText, equalValues, parseValue } from '../../../src/domain/value';
import { MAX_LENGTH } from '../../../src/domain/value/limits';

/** A text as long as the longest that is read, which `JSON.parse` reads in linear time. */
const BASELINE = `[${'1,'.repeat(MAX_LENGTH / 2 - 2)}1]`;

/** Medians over the rounds. */
export interface Cost {
  /** Wall clock. */
  readonly ms: number;
  /** CPU time in milliseconds, that of the garbage collector's threads among it. */
  readonly cpuMs: number;
  /** CPU time over that of the baseline just before it. */
  readonly ratio: number;
}

/** What a hostile text costs; the last two of a text that is read, and against another value that is equal to it. */
export interface TextCost {
  readonly read: boolean;
  readonly parse: Cost;
  readonly canonical?: Cost;
  /** The slower of the two modes. */
  readonly equal?: Cost;
}

export function measure(text: string, rounds: number): TextCost {
  const value = readOrRefuse(text);
  const parse = costOf(() => readOrRefuse(text), rounds);
  if (value === undefined) return { read: false, parse };
  const other = parseValue(text);
  const canonical = costOf(() => canonicalText(value), rounds);
  const modes = (['strict', 'python'] as const).map((mode) => costOf(() => equalValues(value, other, mode), rounds));
  return { read: true, parse, canonical, equal: modes.reduce((a, b) => (a.cpuMs > b.cpuMs ? a : b)) };
}

export const baseline = (rounds: number): Cost => costOf(() => JSON.parse(BASELINE), rounds);

function readOrRefuse(text: string): PyValue | undefined {
  try {
    return parseValue(text);
  } catch (error) {
    if (error instanceof ValueSyntaxError) return undefined;
    throw error;
  }
}

/** Each round measures the baseline as well, so that ratios do not depend on what else the machine does. */
function costOf(work: () => void, rounds: number): Cost {
  const taken = Array.from({ length: rounds }, () => [timed(() => JSON.parse(BASELINE)), timed(work)] as const);
  return {
    ms: median(taken.map(([, { ms }]) => ms)),
    cpuMs: median(taken.map(([, { cpuMs }]) => cpuMs)),
    ratio: median(taken.map(([base, { cpuMs }]) => cpuMs / base.cpuMs)),
  };
}

function timed(work: () => void): { ms: number; cpuMs: number } {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}
