import type { Cost, TextCost } from './measure';

/** What a hostile text of 1 MB may cost. */
const BOUND_MS = 50;

export interface Report {
  /** `JSON.parse` of a text of 1 MiB. */
  readonly baseline: Cost;
  readonly rounds: number;
  /** The kinds of which something took longer than 50 ms. */
  readonly over: readonly string[];
  /** The dearest first. */
  readonly kinds: readonly ({ readonly kind: string } & TextCost)[];
}

export function reportOf(baseline: Cost, rounds: number, costs: Readonly<Record<string, TextCost>>): Report {
  const kinds = Object.entries(costs).map(([kind, cost]) => ({ kind, ...cost }));
  kinds.sort((a, b) => dearest(b, 'ratio') - dearest(a, 'ratio'));
  const over = kinds.filter((cost) => dearest(cost, 'ms') > BOUND_MS).map(({ kind }) => kind);
  return { baseline, rounds, over, kinds };
}

function dearest({ parse, canonical, equal }: TextCost, of: keyof Cost): number {
  return Math.max(...[parse, canonical, equal].map((cost) => cost?.[of] ?? 0));
}

export function asText({ baseline, over, kinds }: Report): string {
  const cell = (cost: Cost | undefined): string =>
    (cost === undefined ? '' : `${cost.ms.toFixed(1)} (${cost.ratio.toFixed(2)})`).padStart(15);
  const row = (head: string, cells: readonly string[]): string => head.padEnd(40) + cells.join('');
  return [
    `JSON.parse of 1 MiB takes ${baseline.ms.toFixed(1)} ms. Milliseconds (and CPU time over that of JSON.parse):`,
    row(
      '',
      ['parse', 'canonical', 'equal'].map((head) => head.padStart(15)),
    ),
    ...kinds.map(({ kind, parse, canonical, equal }) => row(kind, [parse, canonical, equal].map(cell)).trimEnd()),
    `over ${BOUND_MS} ms: ${over.length === 0 ? 'none' : over.join(', ')}`,
  ].join('\n');
}
