import { Command, InvalidArgumentError, Option } from 'commander';
import { presetNames } from '../config/preset-files';
import { SUITES } from '../conformance/conformance';
import { PROMPT_FORMATS } from '../domain/prompt';
import { grouped } from '../telemetry/words';
import { config } from './config';
import { conformance, type ConformanceOptions } from './conformance';
import { doctor } from './doctor';
import { evalPolicy } from './eval';
import { withExecutorOptions } from './executor-options';
import { withExportOptions } from './export-options';
import { presets } from './presets';
import { replay } from './replay';
import { report } from './report';
import { exportTasks } from './tasks';
import { DEFAULT_PORT, DEFAULT_TIER, serve } from './serve';
import { train } from './train';
import { validateTasks } from './validate-tasks';

/** Of an evaluation, as `evaluation.samples` has it. */
const MOST_SAMPLES = 1_024;

const wholeNumber = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('it must be a whole number, 0 or above');
  return Number(text);
};

const portNumber = (text: string): number => {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('it must be a port, 0 to 65535');
  return port;
};

const sampleCount = (text: string): number => {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > MOST_SAMPLES) {
    throw new InvalidArgumentError(`it must be a whole number from 1 to ${grouped(MOST_SAMPLES)}`);
  }
  return count;
};

const httpUrl = (text: string): string => {
  if (!(/^https?:\/\//.test(text) && URL.canParse(text))) {
    throw new InvalidArgumentError('it must be the base URL of a server, such as http://127.0.0.1:8000');
  }
  return text;
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('it must be a number above 0');
  return value;
};

const tierNumber = (text: string): number => {
  if (!/^[123]$/.test(text)) throw new InvalidArgumentError('it must be 1, 2 or 3');
  return Number(text);
};

const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** Settings of a run; see `run-sources.ts`. */
const withSettings = (command: Command): Command =>
  command
    .option('--preset <name>', `settings to start from: ${presetNames().join(', ')}`)
    .option('--config <file>', 'YAML file with settings')
    .option('--set <key=value>', 'one setting; may be repeated', collect, []);

/** What says which run is meant. */
const withRunOptions = (command: Command): Command =>
  withSettings(command)
    .option('--seed <n>', 'seed of a new run', wholeNumber)
    .option('--policy <dir>', 'Hugging Face folder of the policy that a new run starts from')
    .option('--seed-tasks <file>', 'JSONL file of the tasks that a new run starts from');

/** The `azr` command line. Every command throws; the caller explains failures. */
export function buildProgram(): Command {
  const program = new Command('azr')
    .description('Self-play training of language models with no data')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });

  withExportOptions(withExecutorOptions(withRunOptions(program.command('train'))))
    .description('train a policy by self-play; goes on with the newest run unless --new is given')
    .option('--steps <n>', 'make n further steps', wholeNumber)
    .option('--minutes <n>', 'go on for n further minutes', positive)
    .option('--home <dir>', 'where everything is kept', '.azr')
    .option('--new', 'begin a new run', false)
    .option('--json', 'end with one line of JSON on standard output', false)
    .action(train);

  withExecutorOptions(program.command('serve'))
    .description('serve runs and verdicts over gRPC, to this machine alone')
    .option('--port <n>', 'port to listen on; 0 for any', portNumber, DEFAULT_PORT)
    .option('--minimum-tier <n>', 'weakest jail to make verdicts in: 1, 2 or 3', tierNumber, DEFAULT_TIER)
    .option('--home <dir>', 'where everything is kept', '.azr')
    .option('--json', 'say the address as one line of JSON', false)
    .action(serve);

  withExecutorOptions(withSettings(program.command('eval')))
    .description(
      'say how many tasks of a file a policy solves: greedy, at temperature 1, and one of k answers (pass@k)',
    )
    .option('--policy <dir>', 'Hugging Face folder of the policy; a server is started for it')
    .option('--server <url>', 'or a server that runs already, in the dialect of vLLM; without /v1', httpUrl)
    .option('--model <name>', 'what the server serves it as; needed where it serves several')
    .requiredOption('--tasks <file>', 'JSONL file of tasks, seeds, CRUXEval, HumanEval or MBPP')
    .option('--samples <n>', 'answers to each task at temperature 1', sampleCount, 1)
    .addOption(
      new Option('--format <name>', 'of prompts and answers; what the tokenizer is made for unless told').choices(
        Object.keys(PROMPT_FORMATS),
      ),
    )
    .option('--seed <n>', 'seed of the samples', wholeNumber)
    .option('--json', 'end with one line of JSON on standard output', false)
    .action(evalPolicy);

  program
    .command('presets')
    .description('say which presets there are')
    .option('--json', 'print JSON', false)
    .action(presets);

  withRunOptions(program.command('config'))
    .description('print the settings of a run, and where each comes from')
    .option('--json', 'print JSON: {path: {value, source}}', false)
    .action(config);

  const tasks = program.command('tasks').description('work with the tasks of a run, and with task files');
  tasks
    .command('export <run>')
    .description("write the tasks of a run's buffer as JSONL; <run> is its id, or latest")
    .requiredOption('--out <file>', 'JSONL file, such as --seed-tasks takes; one that is there is replaced')
    .option('--home <dir>', 'where the run is kept', '.azr')
    .option('--json', 'print JSON', false)
    .action(exportTasks);
  tasks
    .command('validate <file>')
    .description('judge each row of a JSONL file of tasks, seeds or CRUXEval')
    .option('--out <file>', 'JSONL file for a verdict of each row; one that is there is replaced')
    .option('--json', 'end with one line of JSON: {rows, accepted, rejected, inconsistent, rowsOut}', false)
    .action(validateTasks);

  withExportOptions(program.command('report'))
    .description('write a page about a run, and its metrics as JSONL')
    .argument('<run>', "the run's id, or latest")
    .option('--out <file>', "HTML file; report.html in the run's folder unless told")
    .option('--jsonl <file>', "JSONL file, one line a step; metrics.jsonl in the run's folder unless told")
    .option('--home <dir>', 'where the run is kept', '.azr')
    .option('--json', 'print JSON: {runId, page, metrics}', false)
    .action(report);

  program
    .command('replay')
    .description('plan a step again from its seed and curriculum, and say whether the plan is the same')
    .argument('<run>', "the run's id, or latest")
    .argument('<step>', 'a step that the run has made', wholeNumber)
    .option('--home <dir>', 'where the run is kept', '.azr')
    .option('--json', 'print JSON, both plans included', false)
    .action(replay);

  const conforming = program.command('conformance').description('hold the verifier or the executor against case files');
  for (const suite of SUITES) {
    conforming
      .command(suite)
      .description(`run the cases of JSONL files on the ${suite}; fails unless all pass`)
      .requiredOption('--cases <file>', 'JSONL file with cases; may be repeated', collect)
      .option('--tier <n>', 'jail to run them in: 1, 2 or 3; the strongest there is unless told', tierNumber)
      .option('--json', 'end with one line of JSON: {total, passed, failed: [{id, expected, got}], tier}', false)
      .action((options: ConformanceOptions) => conformance(suite, options));
  }

  program
    .command('doctor')
    .description('say what is installed, what the jail can enforce here, and how to get what is missing')
    .option('--json', 'print JSON', false)
    .action(doctor);

  program
    .command('executor')
    .description('run programs in a jail for others, over gRPC')
    .option('--socket <path>', 'Unix socket to listen on')
    .option('--listen <host:port>', 'or an address; with TLS unless it is on loopback')
    .option('--tls-cert <file>', 'certificate of the executor (PEM)')
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--tls-ca <file>', 'authorities whose clients may call; without them any client may (PEM)')
    .addOption(new Option('--minimum-tier <n>', 'weakest jail to run programs in').argParser(wholeNumber).default(2))
    .addOption(new Option('--strongest-tier <n>', 'strongest jail to build').argParser(wholeNumber).default(1))
    .option('--sandboxed', 'declare that all of this runs in a sandbox such as gVisor: tier 0', false)
    .option('--python <path>', 'CPython that runs programs; the one of the set-up unless told')
    .option('--workers <n>', 'fork servers in each of its groups; by the cores unless told', wholeNumber)
    .option('--owner-stdin', 'end when standard input closes', false)
    .action(async (options) => (await import('./executor')).executor(options));

  program.showHelpAfterError('(azr --help says more)');
  return program;
}
