import { Command, InvalidArgumentError, Option } from 'commander';
import { presetNames } from '../config/preset-files';
import { config } from './config';
import { doctor } from './doctor';
import { presets } from './presets';
import { replay } from './replay';
import { exportTasks } from './tasks';
import { DEFAULT_PORT, serve } from './serve';
import { train } from './train';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('it must be a whole number, 0 or above');
  return Number(text);
};

const portNumber = (text: string): number => {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('it must be a port, 0 to 65535');
  return port;
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('it must be a number above 0');
  return value;
};

const collect = (text: string, before: string[]): string[] => [...before, text];

/** What says which run is meant; see `run-sources.ts`. */
const withRunOptions = (command: Command): Command =>
  command
    .option('--preset <name>', `settings to start from: ${presetNames().join(', ')}`)
    .option('--config <file>', 'YAML file with settings')
    .option('--set <key=value>', 'one setting; may be repeated', collect, [])
    .option('--seed <n>', 'seed of a new run', wholeNumber)
    .option('--policy <dir>', 'Hugging Face folder of the policy that a new run starts from')
    .option('--seed-tasks <file>', 'JSONL file of the tasks that a new run starts from');

/** The `azr` command line. Every command throws; the caller explains failures. */
export function buildProgram(): Command {
  const program = new Command('azr')
    .description('Self-play training of language models with no data')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });

  withRunOptions(program.command('train'))
    .description('train a policy by self-play; goes on with the newest run unless --new is given')
    .option('--steps <n>', 'make n further steps', wholeNumber)
    .option('--minutes <n>', 'go on for n further minutes', positive)
    .option('--home <dir>', 'where everything is kept', '.azr')
    .option('--new', 'begin a new run', false)
    .option('--json', 'end with one line of JSON on standard output', false)
    .action(train);

  program
    .command('serve')
    .description('serve runs over gRPC, to this machine alone')
    .option('--port <n>', 'port to listen on; 0 for any', portNumber, DEFAULT_PORT)
    .option('--home <dir>', 'where everything is kept', '.azr')
    .option('--json', 'say the address as one line of JSON', false)
    .action(serve);

  program
    .command('presets')
    .description('say which presets there are')
    .option('--json', 'print JSON', false)
    .action(presets);

  withRunOptions(program.command('config'))
    .description('print the settings of a run, and where each comes from')
    .option('--json', 'print JSON: {path: {value, source}}', false)
    .action(config);

  program
    .command('tasks')
    .description('work with the tasks of a run')
    .command('export <run>')
    .description("write the tasks of a run's buffer as JSONL; <run> is its id, or latest")
    .requiredOption('--out <file>', 'JSONL file, such as --seed-tasks takes; one that is there is replaced')
    .option('--home <dir>', 'where the run is kept', '.azr')
    .option('--json', 'print JSON', false)
    .action(exportTasks);

  program
    .command('replay')
    .description('plan a step again from its seed and curriculum, and say whether the plan is the same')
    .argument('<run>', "the run's id, or latest")
    .argument('<step>', 'a step that the run has made', wholeNumber)
    .option('--home <dir>', 'where the run is kept', '.azr')
    .option('--json', 'print JSON, both plans included', false)
    .action(replay);

  program
    .command('doctor')
    .description('say what is installed, what the jail can enforce here, and how to get what is missing')
    .option('--json', 'print JSON', false)
    .action(doctor);

  program
    .command('executor', { hidden: true })
    .description('run the executor process')
    .requiredOption('--socket <path>', 'Unix socket to listen on')
    .addOption(new Option('--minimum-tier <n>', 'weakest jail to run programs in').argParser(wholeNumber).default(2))
    .addOption(new Option('--strongest-tier <n>', 'strongest jail to build').argParser(wholeNumber).default(1))
    .requiredOption('--python <path>', 'CPython that runs programs')
    .addOption(new Option('--workers <n>', 'fork servers in each group').argParser(wholeNumber).default(1))
    .option('--owner-stdin', 'end when standard input closes', false)
    .action(async (options) => (await import('../executor/main')).runExecutorProcess(options));

  program.showHelpAfterError('(azr --help says more)');
  return program;
}
