import { Command, InvalidArgumentError } from 'commander';
import { HOSTILE_TEXTS } from '../../support/values/hostile-texts';
import { baseline, measure, type Cost, type TextCost } from './measure';

interface Options {
  rounds: number;
  json: boolean;
}

/** What a hostile text of 1 MB may cost. */
const BOUND_MS = 50;

const positive = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 to 9999');
  return Number(text);
};

const program = new Command('bench:values')
  .description('measures what hostile texts and the largest values cost; see README.md')
  .option('--rounds <n>', 'measurements of each, of which the median counts', positive, 9)
  .option('--json', 'end with one line of JSON on standard output', false);

const { rounds, json } = program.parse().opts<Options>();
const base = baseline(rounds);
const costs = Object.entries(HOSTILE_TEXTS).map(([kind, text]) => ({ kind, ...measure(text, rounds) }));
const parts = ({ parse, canonical, equal }: TextCost): Cost[] =>
  [parse, canonical, equal].filter((cost) => cost !== undefined);
const highest = (cost: TextCost, of: keyof Cost): number => Math.max(...parts(cost).map((part) => part[of]));
costs.sort((a, b) => highest(b, 'ratio') - highest(a, 'ratio'));

const cell = (cost: Cost | undefined): string =>
  (cost === undefined ? '' : `${cost.ms.toFixed(1)} (${cost.ratio.toFixed(2)})`).padStart(14);
const lines = costs.map(
  (cost) => `${cost.kind.padEnd(42)}${[cost.parse, cost.canonical, cost.equal].map(cell).join('')}`,
);
const over = costs.filter((cost) => highest(cost, 'ms') > BOUND_MS).map(({ kind }) => kind);
process.stdout.write(
  `${[
    `JSON.parse of 1 MiB: ${base.ms.toFixed(1)} ms; below: ms (CPU time over that of JSON.parse)`,
    `${''.padEnd(42)}${['parse', 'canonical', 'equal'].map((head) => head.padStart(14)).join('')}`,
    ...lines,
    `over ${BOUND_MS} ms: ${over.length === 0 ? 'none' : over.join(', ')}`,
  ].join('\n')}\n`,
);
if (json) process.stdout.write(`${JSON.stringify({ baseline: base, rounds, over, costs })}\n`);
