import { availableParallelism } from 'node:os';
import type { Closers } from '../../src/control-plane/closers';
import { Random } from '../../src/domain/random/random';
import { ExecutorClient } from '../../src/executor/client';
import { RunMode } from '../../src/generated/azr/v1/executor';
import { ExecutorProcess } from '../support/executor/executor-process';
import { childrenOf } from '../support/process-tree';
import { eventually, killIfThere } from '../support/processes';
import { expectationOf } from './expectation';
import { growthOf, holdingsOf, type Holdings } from './growth';
import { emptyTally, Lanes, type Tally } from './lanes';
import { outcomesOf } from './oracle';
import { ordinaryPrograms } from './ordinary-programs';
import { EVERY_MODE, planOf, type KnownProgram, type PlannedCall } from './plan';

export interface SoakOptions {
  /** Inputs that are run; canaries come on top. */
  executions: number;
  seed: number;
  /** Pauses in which the executor is measured at rest, four at least. */
  pauses: number;
}

export interface SoakResult extends Tally {
  seed: number;
  /** Fork servers that were killed. */
  killed: number;
  /** From the first quarter to the last. */
  growth: Holdings;
  /** After the last execution. */
  held: Holdings;
  seconds: number;
  passed: boolean;
}

/** Lanes a core: fewer than calls that the executor takes, more than its fork servers. */
const LANES_A_CORE = 4;
const REST_MS = 20_000;
/**
 * Nothing grows by a process or a descriptor. Memory: V8 gives pages back when it likes, so that two samples at rest
 * differ by some MiB; a leak of 1 KiB an execution is 15 MiB between the middles of the quarters of a full run.
 */
const MOST_GROWTH: Holdings = { processes: 0, descriptors: 0, residentMiB: 12 };

/** Loads an executor of its own with everything at once: are its answers right, and does it stay as it is? */
export async function runSoak({ executions, seed, pauses }: SoakOptions, closers: Closers): Promise<SoakResult> {
  const started = performance.now();
  const random = new Random(seed, 'soak');
  const calls = planOf(await knownPrograms(random), executions, random);
  const executor = closers.add(await ExecutorProcess.start(), (it) => it.stop());
  const client = closers.add(new ExecutorClient(executor.address), (it) => it.close());
  const tally = emptyTally();
  const lanes = new Lanes(client, LANES_A_CORE * availableParallelism(), tally);
  const idle = holdingsOf(executor.pid).processes;
  const samples: Holdings[] = [];
  for (const part of partsOf(calls, pauses)) {
    await lanes.play(part, () => killForkServer(executor.pid, random));
    // A fork server that was killed is replaced; whatever else is left is growth.
    await eventually(() => holdingsOf(executor.pid).processes === idle, REST_MS);
    samples.push(holdingsOf(executor.pid));
  }
  const growth = growthOf(samples);
  const seconds = (performance.now() - started) / 1000;
  const result = { ...tally, seed, killed: samples.length, growth, held: samples.at(-1)!, seconds };
  return { ...result, passed: hasPassed(tally, growth) };
}

async function knownPrograms(random: Random): Promise<KnownProgram[]> {
  const programs = ordinaryPrograms(random);
  const outcomes = await outcomesOf(programs.map(({ text, inputs }) => [text, inputs] as const));
  return programs.map(({ text, inputs, keepsState }, i) => ({
    text,
    inputs: inputs.map((input, j) => ({ text: input, expected: expectationOf(outcomes[i]![j]!) })),
    runModes: keepsState ? [RunMode.RUN_MODE_ONCE] : EVERY_MODE,
  }));
}

function partsOf(calls: readonly PlannedCall[], count: number): PlannedCall[][] {
  const size = Math.ceil(calls.length / count);
  return Array.from({ length: count }, (_, i) => calls.slice(i * size, (i + 1) * size));
}

/** Its own children die with it, and so does what it runs. */
function killForkServer(supervisor: number, random: Random): void {
  const [forkServer] = random.sample(childrenOf(supervisor), 1);
  if (forkServer !== undefined) killIfThere(forkServer);
}

function hasPassed({ lost, wrong, canariesWrong }: Tally, growth: Holdings): boolean {
  const keys = Object.keys(MOST_GROWTH) as (keyof Holdings)[];
  return lost + wrong + canariesWrong === 0 && keys.every((key) => growth[key] <= MOST_GROWTH[key]);
}
