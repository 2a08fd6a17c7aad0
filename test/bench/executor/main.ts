import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { resolveSpec } from '../../../src/config/resolve-spec';
import { explainFailure } from '../../../src/cli/exit';
import { Closers } from '../../../src/control-plane/closers';
import { StopSignals } from '../../../src/control-plane/stop-signals';
import { wholeNumber } from '../../support/whole-number';
import { runBenchmark, type BenchmarkOptions } from './benchmark';
import { asJson, asText } from './report';

interface Options {
  tasks: string;
  seed: number;
  rounds: number;
  json: boolean;
}

const program = new Command('bench:executor')
  .description('compares verdicts through the jail with the unjailed way of the released trainer; see README.md')
  .option('--tasks <file>', 'task file whose programs make the job', join(__dirname, 'tasks.jsonl'))
  .option('--rounds <n>', 'rounds at most; fewer are made where they would take too long', wholeNumber(1), 7)
  .option('--seed <n>', 'of the answers', wholeNumber(0), 0)
  .option('--json', 'end with one line of JSON on standard output', false);

async function main(): Promise<void> {
  const { tasks, rounds, seed, json } = program.parse().opts<Options>();
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  const options: BenchmarkOptions = { tasks, rounds, seed, workers: availableParallelism(), spec: benchmarkSpec() };
  try {
    const result = await Promise.race([signals.interrupted, runBenchmark(options, closers)]);
    process.stdout.write(`${asText(result)}\n${json ? `${JSON.stringify(asJson(result))}\n` : ''}`);
    // A verdict of ours that is not right is no matter of speed.
    if (result.wrong.ours > 0) process.exitCode = 1;
  } finally {
    await closers.closeAll(() => undefined);
    signals.close();
  }
}

/** The settings of the released runs, with our own strict rules, which cost more. */
function benchmarkSpec(): BenchmarkOptions['spec'] {
  const strict = ['equality=strict', 'duplicates=reject', 'leaks=reject', 'constantOutputs=reject'];
  return resolveSpec({ preset: 'azr-coder-7b', sets: strict.map((set) => `tasks.${set}`) }).spec;
}

main().catch((error: unknown) => {
  const { lines, code } = explainFailure(error);
  for (const line of lines) process.stderr.write(`bench:executor: ${line}\n`);
  process.exitCode = code;
});
