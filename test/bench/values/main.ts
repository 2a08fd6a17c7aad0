import { Command, InvalidArgumentError } from 'commander';
import { HOSTILE_TEXTS } from '../../support/values/hostile-texts';
import { baseline, measure } from './measure';
import { asText, reportOf } from './report';

interface Options {
  rounds: number;
  json: boolean;
}

const upTo = (most: number) => (text: string) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1 || Number(text) > most) {
    throw new InvalidArgumentError(`it must be a whole number from 1 to ${most}`);
  }
  return Number(text);
};

const program = new Command('bench:values')
  .description('measures what hostile texts and the largest values cost; see README.md')
  .option('--rounds <n>', 'measurements of each, of which the median counts', upTo(1000), 9)
  .option('--json', 'end with one line of JSON on standard output', false);

function main(): void {
  const { rounds, json } = program.parse().opts<Options>();
  const costs = Object.entries(HOSTILE_TEXTS).map(([kind, text]) => [kind, measure(text, rounds)] as const);
  const report = reportOf(baseline(rounds), rounds, Object.fromEntries(costs));
  process.stdout.write(`${asText(report)}\n${json ? `${JSON.stringify(report)}\n` : ''}`);
}

main();
