import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { resolveSpec } from '../../../src/config/resolve-spec';
import { runCommand } from '../../support/run-command';
import { wholeNumber } from '../../support/whole-number';
import { runBenchmark } from './benchmark';
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

/** The settings of the released runs, with our own strict rules, which cost more. */
const STRICT = ['equality=strict', 'duplicates=reject', 'leaks=reject', 'constantOutputs=reject'];
const PRESET = 'azr-coder-7b';

const { json, ...options } = program.parse().opts<Options>();
void runCommand(program.name(), async (closers) => {
  const { spec } = resolveSpec({ preset: PRESET, sets: STRICT.map((rule) => `tasks.${rule}`) });
  const result = await runBenchmark({ ...options, workers: availableParallelism(), spec }, closers);
  process.stdout.write(`${asText(result)}\n${json ? `${JSON.stringify(asJson(result))}\n` : ''}`);
  // A verdict of ours that is not right is no matter of speed.
  if (result.wrong.ours > 0) process.exitCode = 1;
});
