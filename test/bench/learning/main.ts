import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { runCommand } from '../../support/run-command';
import { wholeNumber } from '../../support/whole-number';
import { learn, type Learning } from './benchmark';
import { experimentsOf, type Wanted } from './experiment';
import { asMarkdown } from './markdown';
import { asPicture } from './picture';
import { summariesOf } from './summary';

interface Options extends Omit<Wanted, 'configs'> {
  config: string[];
  name: string;
  json: boolean;
}

const RESULTS = join(__dirname, '../results');

const program = new Command('bench:learning')
  .description('trains the shipped policy by self-play, seed by seed, and measures what it has learned; see README.md')
  .option('--seeds <n>', 'of each variant', wholeNumber(1), 5)
  .option('--minutes <n>', 'of self-play in each run', wholeNumber(1), 10)
  .option('--control', 'the same with shuffled rewards', false)
  .option('--config <file…>', 'further variants: YAML files with settings', [])
  .option('--name <name>', 'of the results: NAME.md, NAME.svg and the folder NAME', 'learning')
  .option('--json', 'end with one line of JSON on standard output', false);

const { json, config, name, ...options } = program.parse().opts<Options>();
void runCommand(program.name(), async (closers) => {
  const stopping = new AbortController();
  const runs = mkdtempSync(join(tmpdir(), 'azr-learning-'));
  closers.add(runs, () => rmSync(runs, { recursive: true, force: true }));
  closers.add(stopping, () => stopping.abort(new Error('interrupted')));
  const experiments = experimentsOf({ ...options, configs: config.map((file) => resolve(file)) });
  const folders = { results: join(RESULTS, name), runs };
  const learning = await learn(experiments, folders, stopping.signal, write);
  if (json) process.stdout.write(`${JSON.stringify({ variants: summariesOf(learning), ...learning })}\n`);
});

/** After every run: a benchmark of hours may be cut off. */
function write(learning: Learning): void {
  mkdirSync(RESULTS, { recursive: true });
  const processor = cpus()[0]?.model ?? 'unknown';
  const date = new Date().toISOString().slice(0, 10);
  const machine = { date, cores: availableParallelism(), processor };
  writeFileSync(join(RESULTS, `${name}.md`), asMarkdown(learning, `${name}.svg`, machine));
  writeFileSync(join(RESULTS, `${name}.svg`), asPicture(learning));
}
