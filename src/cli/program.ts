import { Command, InvalidArgumentError, Option } from 'commander';
import { presetNames } from '../config/resolve-spec';
import { doctor } from './doctor';
import { train } from './train';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('it must be a whole number, 0 or above');
  return Number(text);
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('it must be a number above 0');
  return value;
};

const collect = (text: string, before: string[]): string[] => [...before, text];

/** The `azr` command line. Every command throws; the caller explains failures. */
export function buildProgram(): Command {
  const program = new Command('azr')
    .description('Self-play training of language models with no data')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });

  program
    .command('train')
    .description('train a policy by self-play; goes on with the newest run unless --new is given')
    .option('--preset <name>', `settings to start from: ${presetNames().join(', ')}`)
    .option('--config <file>', 'YAML file with settings')
    .option('--set <key=value>', 'one setting; may be repeated', collect, [])
    .option('--steps <n>', 'make n further steps', wholeNumber)
    .option('--minutes <n>', 'go on for n further minutes', positive)
    .option('--seed <n>', 'seed of a new run', wholeNumber)
    .option('--policy <dir>', 'Hugging Face folder of the policy that a new run starts from')
    .option('--home <dir>', 'where everything is kept', '.azr')
    .option('--new', 'begin a new run', false)
    .option('--json', 'end with one line of JSON on standard output', false)
    .action(train);

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
    .requiredOption('--python <path>', 'CPython that runs programs')
    .option('--owner-stdin', 'end when standard input closes', false)
    .action(async (options) => (await import('../executor/main')).runExecutorProcess(options));

  program.showHelpAfterError('(azr --help says more)');
  return program;
}
