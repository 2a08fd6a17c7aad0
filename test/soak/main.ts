import { Command } from 'commander';
import { runCommand } from '../support/run-command';
import { wholeNumber } from '../support/whole-number';
import { runSoak, type SoakResult } from './soak';

interface Options {
  executions: number;
  seed: number;
  json: boolean;
}

/** Five in each quarter, for medians. */
const PAUSES = 20;

const program = new Command('soak:executor')
  .description('loads the executor with everything at once and sees whether it stays as it is; see README.md')
  .option('--executions <n>', 'inputs to run', wholeNumber(PAUSES), 20_000)
  .option('--seed <n>', 'of the load', wholeNumber(0), 0)
  .option('--json', 'end with one line of JSON on standard output', false);

/** Without the objections, which are for a person. */
function asJson({ objections: _, growth, held, seconds, ...result }: SoakResult): object {
  return { ...result, growth: rounded(growth), held: rounded(held), seconds: Math.round(seconds) };
}

const rounded = (holdings: SoakResult['growth']): SoakResult['growth'] => ({
  ...holdings,
  residentMiB: Math.round(holdings.residentMiB * 10) / 10,
});

function asText({ objections, growth, held, ...result }: SoakResult): string {
  const signed = (value: number): string => (value < 0 ? '' : '+') + String(Math.round(value * 10) / 10);
  return [
    ...objections.map((objection) => `NOT RIGHT ${objection}`),
    `${result.executions} executions in ${result.seconds.toFixed(0)} s, seed ${result.seed}: ${result.lost} lost, ` +
      `${result.wrong} wrong`,
    `${result.attacks} attacks, each with a canary, ${result.canariesWrong} of them wrong; ` +
      `${result.cancelled} calls cancelled, ${result.killed} fork servers killed, ${result.restarts} restarts`,
    `from the first quarter to the last ${signed(growth.processes)} processes, ${signed(growth.descriptors)} ` +
      `descriptors, ${signed(growth.residentMiB)} MiB; now ${held.processes}, ${held.descriptors}, ` +
      `${held.residentMiB.toFixed(1)} MiB`,
    result.passed ? 'passed' : 'FAILED',
  ].join('\n');
}

const { executions, seed, json } = program.parse().opts<Options>();
void runCommand(program.name(), async (closers) => {
  const result = await runSoak({ executions, seed, pauses: PAUSES }, closers);
  process.stdout.write(`${asText(result)}\n${json ? `${JSON.stringify(asJson(result))}\n` : ''}`);
  if (!result.passed) process.exitCode = 1;
});
