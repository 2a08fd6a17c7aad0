import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azr } from './azr-process';
import { digestOf, type Experiment } from './experiment';
import { figuresOf, SAMPLES, type Measured } from './figures';
import { Results } from './results';

/** The policy that every run starts from. */
export const POLICY = join(__dirname, '../../../policies/tiny');
/** What `azr train` and `azr eval` take their settings from. */
const PRESET = join(__dirname, '../../../src/config/presets/embedded.yaml');
const TASKS = join(__dirname, 'tasks');
const FILES = { heldOut: join(TASKS, 'heldout.jsonl'), longer: join(TASKS, 'longer.jsonl') };

/** One run, and what its policy achieves at the end. */
export interface Played extends Pick<Experiment, 'variant' | 'seed' | 'minutes'> {
  steps: number;
  /** Of training and the small evaluations in it, start-up included. */
  wallSeconds: number;
  tokensGenerated: number;
  after: Measured;
}

export interface Learning {
  before: Measured;
  played: readonly Played[];
}

export interface Folders {
  /** Of the results that are kept. */
  results: string;
  /** Where runs are made; emptied by the caller. */
  runs: string;
}

/**
 * Measures the shipped policy, then makes the experiments one after the other; `landed` is called after each. What was
 * made before, with the same policy, tasks and settings, is taken from the results.
 */
export async function learn(
  experiments: readonly Experiment[],
  folders: Folders,
  signal: AbortSignal,
  landed: (learning: Learning) => void,
): Promise<Learning> {
  const results = new Results(folders.results);
  const inputs = [join(POLICY, 'model.safetensors'), PRESET, ...Object.values(FILES)];
  const common = digestOf(...inputs.map((file) => readFileSync(file)));
  const before = await results.keep('before', common, () => measure(POLICY, signal));
  const played: Played[] = [];
  for (const experiment of experiments) {
    const { variant, seed, minutes, config, sets } = experiment;
    const settings = config === undefined ? '' : readFileSync(config);
    const digest = digestOf(common, JSON.stringify({ seed, minutes, sets }), settings);
    played.push(await results.keep(`${variant}-${seed}`, digest, () => play(experiment, folders.runs, signal)));
    landed({ before, played });
  }
  return { before, played };
}

interface TrainJson {
  steps: number;
  wallSeconds: number;
  tokensGenerated: number;
  policy: string;
}

async function play(experiment: Experiment, runs: string, signal: AbortSignal): Promise<Played> {
  const { variant, seed, minutes, config, sets } = experiment;
  const run = (await azr(
    [
      ...['train', '--new', '--home', join(runs, `${variant}-${seed}`), '--minutes', `${minutes}`, '--seed', `${seed}`],
      ...(config === undefined ? [] : ['--config', config]),
      ...sets.flatMap((set) => ['--set', set]),
    ],
    signal,
  )) as TrainJson;
  const { steps, wallSeconds, tokensGenerated, policy } = run;
  return { variant, seed, minutes, steps, wallSeconds, tokensGenerated, after: await measure(policy, signal) };
}

async function measure(policy: string, signal: AbortSignal): Promise<Measured> {
  const on = async (tasks: string) =>
    figuresOf(await azr(['eval', '--policy', policy, '--tasks', tasks, '--samples', `${SAMPLES}`], signal));
  return { heldOut: await on(FILES.heldOut), longer: await on(FILES.longer) };
}
