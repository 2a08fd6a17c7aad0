import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { fuzz, type FuzzResult } from './fuzz';

interface Options {
  cases: number;
  seed: number;
  json: boolean;
}

const PROGRESS_SECONDS = 5;

const atLeast = (least: number) => (text: string) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new InvalidArgumentError(`it must be a whole number, ${least} or above`);
  }
  return Number(text);
};

const program = new Command('fuzz:values')
  .description('compares the reading, writing and comparing of values with CPython; see README.md')
  .option('--cases <n>', 'values to generate; a fifth as many mutated texts come with them', atLeast(1), 100_000)
  .option('--seed <n>', 'of all that is generated', atLeast(0), 0)
  .option('--json', 'end with one line of JSON on standard output', false);

async function main(): Promise<void> {
  const { cases, seed, json } = program.parse().opts<Options>();
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1000);
  let shown = 0;
  const onBatch = ({ values, mutants, mismatches }: FuzzResult): void => {
    if (seconds() < shown + PROGRESS_SECONDS) return;
    shown = seconds();
    process.stderr.write(
      `${values} of ${cases} values, ${mutants} mutated texts, ${mismatches} mismatches, ${shown} s\n`,
    );
  };
  const result = await fuzz({ cases, seed, oracles: availableParallelism(), onBatch });
  process.stdout.write(`${asText(result)} (seed ${seed}, ${seconds()} s)\n`);
  if (json) process.stdout.write(`${JSON.stringify({ ...result, seed, seconds: seconds() })}\n`);
  process.exitCode = result.mismatches === 0 ? 0 : 1;
}

function asText({ values, mutants, pairs, examples, mismatches, python }: FuzzResult): string {
  return [
    ...examples.map(({ text, what }) => `${JSON.stringify(text)}: ${what}`),
    `${values} values and ${mutants} mutated texts against CPython ${python}, ${pairs.compared} pairs: ` +
      `${mismatches} mismatches`,
  ].join('\n');
}

main().catch((error: Error) => {
  process.stderr.write(`fuzz:values: ${error.message}\n`);
  process.exitCode = 1;
});
